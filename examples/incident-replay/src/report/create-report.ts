import { presets } from '@evenkeel/mock-discord'
import { machine } from '../run/machine.ts'
import type { WorldResult } from '../run/replay.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { shapeOf } from '../scenario/shape.ts'
import { Timeline } from '../scenario/timeline.ts'
import { machineLoad } from '../statistics/machine-load.ts'
import { checkPromise } from '../statistics/promise.ts'
import { worldSeries } from '../statistics/series.ts'
import { worldSummary } from '../statistics/world-summary.ts'
import type { Report } from './report.ts'
import { takeHome } from './take-home.ts'

const stepMs = 10_000

export interface RunFacts {
  readonly scenario: Scenario
  readonly seed: number
  readonly command: string
  readonly date: Date
  readonly wallMs: number
}

/** Works out everything there is to say of a run. */
export function createReport(results: readonly WorldResult[], facts: RunFacts): Report {
  const { scenario, seed, command, date, wallMs } = facts
  const timeline = new Timeline(scenario.phases)
  const after = timeline.phase('after')
  const worlds = results.map((result) => ({
    name: result.world.name,
    title: result.world.title,
    description: result.world.description,
    summary: worldSummary(result, timeline),
    series: worldSeries(result, stepMs, after.endMs),
  }))
  const summaries = worlds.map(({ summary }) => summary)
  const ours = summaries.find(({ name }) => name === 'evenkeel')
  return {
    date: date.toISOString(),
    seed,
    command,
    machine: machine(),
    scenario,
    shape: shapeOf(scenario.scale),
    phases: timeline.phases.filter(({ name }) => name !== 'tail'),
    stepMs,
    worlds,
    takeHome: takeHome(summaries, after.durationMs),
    promise: ours && scenario.name === 'full' ? checkPromise(ours) : [],
    load: machineLoad(results, presets.legacy.clientTimeoutMs / scenario.scale.time),
    wallMs,
  }
}
