import type { LiveFrame, WorldFrame } from '../src/live/live-frame.ts'
import type { Ending } from '../src/live/recording.ts'
import { scenarios } from '../src/scenario/scenario.ts'
import { Timeline } from '../src/scenario/timeline.ts'
import { worlds } from '../src/worlds/worlds.ts'

const worldFrame: WorldFrame = {
  success: 0.5,
  attemptsPerCall: 2,
  callsPerSecond: 3,
  requestsPerSecond: 6,
  queued: 10,
  wasted: 0.25,
  connected: 300,
  dialsPerSecond: 0,
}

export const frame = (atMs: number): LiveFrame => ({
  atMs,
  worlds: worlds.map(() => worldFrame),
})

/** A frame every ten seconds of the scenario. */
export const frames: readonly LiveFrame[] = Array.from(
  { length: new Timeline(scenarios.full.phases).endMs / 10_000 },
  (_, step) => frame(step * 10_000),
)

export const ending: Ending = {
  takeHome: 'All is over.',
  outcomes: worlds.map(({ name, title }) => ({
    name,
    isWell: name === 'evenkeel',
    text: `What became of ${title}.`,
  })),
  report: { path: '/tmp/report.html', html: '<!doctype html><title>The report</title>' },
}
