import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Clock } from '@evenkeel/core'
import { htmlReport } from '../html.ts'
import { commandOf } from '../summary/command.ts'
import { fleetsOf } from '../summary/fleets.ts'
import type { RunRequest } from './command-line.ts'
import { planOf, typedPath } from './plan.ts'
import { type ProgressStream, progressView } from './progress.ts'
import { runFleets } from './run-fleets.ts'
import { terminalReport } from './terminal-report.ts'
import { verdicts } from './verdicts.ts'

/** What a run writes to, and goes by. */
export interface RunWorld {
  readonly stdout: { write(text: string): unknown }
  readonly stderr: ProgressStream
  readonly clock: Pick<Clock, 'now'>
  readonly signal: AbortSignal
}

/** Sends the fleets through the scenario, tells what became of them, and says whether it is what was expected. */
export async function run(request: RunRequest, world: RunWorld): Promise<boolean> {
  const { clients, callsPerClient, workers, report, json } = request
  const { stdout, stderr, clock, signal } = world
  const { scenario, fleets, seeds, demands, judged } = await planOf(request)
  const count = fleets.flatMap(({ contenders }) => contenders).length
  const view = progressView(stderr, { runs: count * seeds.length, seeds: seeds.length }, clock)
  const reports = await runFleets(
    { scenario, fleets, clients, callsPerClient, seeds, workers },
    view.update,
    signal,
  ).finally(view.done)

  const aside = json ? stderr : stdout
  stdout.write(
    json
      ? `${JSON.stringify(reports.length > 1 ? reports : reports[0])}\n`
      : `\n${terminalReport(reports)}\n`,
  )
  if (report !== undefined) {
    const path = typedPath(report)
    const command = commandOf({
      scenario: String(scenario),
      clients,
      callsPerClient,
      fleets: fleets.map(({ ref }) => String(ref)),
      seed: request.seed,
      seeds: request.seeds,
      report: 'report.html',
    })
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, htmlReport(reports, { command }))
    aside.write(`\nCharts: ${path}\n`)
  }
  const { text, isKept } = verdicts(
    demands,
    fleetsOf(reports).filter(({ name }) => judged.has(name)),
  )
  if (text) aside.write(`\n${text}\n`)
  return isKept
}
