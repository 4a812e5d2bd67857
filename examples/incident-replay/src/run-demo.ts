import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import process from 'node:process'
import type { CliOptions } from './cli.ts'
import { findChromium } from './live/find-chromium.ts'
import { liveFrame } from './live/live-frame.ts'
import { type Picture, takePictures } from './live/pictures.ts'
import type { Recording } from './live/recording.ts'
import { createReport } from './report/create-report.ts'
import { htmlReport } from './report/html-report.ts'
import type { Report } from './report/report.ts'
import { replay } from './run/replay.ts'
import { scenarios } from './scenario/scenario.ts'
import { simulate } from './simulation/simulate.ts'
import type { Progress } from './terminal/progress.ts'

/** What a run came to, and where its page is. */
export interface DemoResult {
  readonly report: Report
  readonly path: string
}

/** Between two frames of the live page, in real ms. */
const frameEveryMs = 500

/** Replays the incident, simulates the same, and writes the report; the recording hears all of it. */
export async function runDemo(
  { seed, quick, worlds, report: file }: Omit<CliOptions, 'json' | 'stay'>,
  recording: Recording,
  progress?: Progress,
): Promise<DemoResult> {
  const scenario = scenarios[quick ? 'quick' : 'full']
  const startMs = performance.now()
  let framedMs = Number.NEGATIVE_INFINITY
  const results = await replay({
    scenario,
    seed,
    worlds,
    onProgress(atMs, runs) {
      progress?.update(atMs, runs)
      if (performance.now() - framedMs < frameEveryMs) return
      framedMs = performance.now()
      recording.add(liveFrame(atMs, runs))
    },
  })
  progress?.done()
  const names = worlds.map(({ name }) => name)
  const report = createReport(results, {
    scenario,
    seed,
    simulations: quick ? [] : await simulate(scenario, seed, names),
    command:
      `pnpm --filter @evenkeel/incident-replay start ${process.argv.slice(2).join(' ')}`.trim(),
    date: new Date(),
    wallMs: performance.now() - startMs,
  })
  const { takeHome, outcomes } = report
  const recorded = { ...recording.recorded, ending: { takeHome, outcomes } }
  const chromium = findChromium(process.env.EVENKEEL_CHROMIUM)
  const pictures: readonly Picture[] = chromium
    ? await takePictures(chromium, scenario, worlds, recorded)
    : []
  const html = htmlReport(report, pictures)
  // pnpm runs this in the package's folder; the reader is where the command was typed.
  const path = resolve(process.env.INIT_CWD ?? '.', file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, html)
  recording.end({ takeHome, outcomes, report: { path, html } })
  return { report, path }
}
