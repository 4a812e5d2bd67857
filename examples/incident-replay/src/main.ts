import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import process from 'node:process'
import { CommanderError } from 'commander'
import { type CliOptions, readCli } from './cli.ts'
import { exitCode } from './exit-code.ts'
import { createReport } from './report/create-report.ts'
import { htmlReport } from './report/html-report.ts'
import { replay } from './run/replay.ts'
import { scenarios } from './scenario/scenario.ts'
import { shapeOf } from './scenario/shape.ts'
import { Timeline } from './scenario/timeline.ts'
import { simulate } from './simulation/simulate.ts'
import { introduction } from './terminal/introduction.ts'
import { createProgress } from './terminal/progress.ts'
import { summary } from './terminal/summary.ts'

async function main({ seed, quick, worlds, report: file, json }: CliOptions): Promise<number> {
  const scenario = scenarios[quick ? 'quick' : 'full']
  const startMs = performance.now()
  const progress = json
    ? undefined
    : createProgress(new Timeline(scenario.phases), shapeOf(scenario.scale).queueDepth)
  if (!json) console.log(introduction(scenario, worlds))
  const results = await replay({ scenario, seed, worlds, onProgress: progress?.update })
  progress?.done()
  const names = worlds.map(({ name }) => name)
  const simulations = quick ? [] : await simulate(scenario, seed, names)
  const report = createReport(results, {
    scenario,
    seed,
    simulations,
    command:
      `pnpm --filter @evenkeel/incident-replay start ${process.argv.slice(2).join(' ')}`.trim(),
    date: new Date(),
    wallMs: performance.now() - startMs,
  })
  // pnpm runs this in the package's folder; the reader is where the command was typed.
  const path = resolve(process.env.INIT_CWD ?? '.', file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, htmlReport(report))
  console.log(
    json ? JSON.stringify(report, undefined, 2) : `\n${summary(report)}\n\nCharts: ${path}\n`,
  )
  return exitCode(report)
}

try {
  process.exitCode = await main(readCli(process.argv.slice(2)))
} catch (error) {
  // What was wrong with the command line has been told by its reader.
  if (error instanceof CommanderError) process.exitCode = error.exitCode
  else {
    console.error(`incident-replay: ${error instanceof Error ? error.message : error}`)
    process.exitCode = 1
  }
}
