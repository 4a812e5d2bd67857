import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import type { Clock } from '@evenkeel/core'
import type { ContenderName } from '../contenders/contenders.ts'
import { htmlReport } from '../html.ts'
import { UsageError } from '../modules/known.ts'
import { loadContenders } from '../modules/load-contenders.ts'
import { loadScenario } from '../modules/load-scenario.ts'
import { checkRun } from '../scenario/check-scenario.ts'
import type { ScenarioName } from '../scenarios/scenarios.ts'
import { isPath, type RunRequest } from './command-line.ts'
import { type ProgressStream, progressView } from './progress.ts'
import { runFleets } from './run-fleets.ts'
import { terminalReport } from './terminal-report.ts'

/** What a run writes to, and goes by. */
export interface RunWorld {
  readonly stdout: { write(text: string): unknown }
  readonly stderr: ProgressStream
  readonly clock: Pick<Clock, 'now'>
  readonly signal: AbortSignal
}

/** Who goes through a storm unless others are named: the hurried loop, the advice of the books, evenkeel. */
const telling: readonly ContenderName[] = ['fixed-1s', 'prescription', 'evenkeel']

/** Where a command was typed: package managers run scripts in the package's folder. */
const here = (): string => process.env.INIT_CWD ?? process.cwd()

const urlOf = (path: string): URL => pathToFileURL(resolve(here(), path))

/** Sends the fleets through the scenario, and tells what became of them. */
export async function run(request: RunRequest, world: RunWorld): Promise<void> {
  const {
    scenario,
    clients,
    callsPerClient,
    policy = [],
    seed,
    seeds,
    workers,
    report,
    json,
  } = request
  const named = request.contender ?? telling
  const where = isPath(scenario) ? urlOf(scenario) : (scenario as ScenarioName)
  const own = policy.map(urlOf)
  // What can't be run is told before anything is.
  const refs = [...(named as readonly ContenderName[]), ...own]
  const fleets = await Promise.all(refs.map((ref) => loadContenders(String(ref))))
  const all = fleets.flat()
  if (all.length === 0)
    throw new UsageError('no contender and no policy: nobody to send through it')
  checkRun(await loadScenario(String(where)), { clients, callsPerClient, seed, contenders: all })

  const { stdout, stderr, clock, signal } = world
  const view = progressView(stderr, { runs: all.length * seeds, seeds }, clock)
  const reports = await runFleets(
    {
      scenario: where,
      fleets: refs.map((ref, at) => ({ ref, contenders: fleets[at] ?? [] })),
      clients,
      callsPerClient,
      seeds: Array.from({ length: seeds }, (_, at) => seed + at),
      workers,
    },
    view.update,
    signal,
  ).finally(view.done)

  stdout.write(
    json
      ? `${JSON.stringify(reports.length > 1 ? reports : reports[0])}\n`
      : `\n${terminalReport(reports)}\n`,
  )
  if (report === undefined) return
  const path = resolve(here(), report)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, htmlReport(reports, { command: commandOf(request) }))
  ;(json ? stderr : stdout).write(`\nCharts: ${path}\n`)
}

/** The command that makes the same page again, whatever the page is called. */
function commandOf(request: RunRequest): string {
  const { scenario, clients, callsPerClient, policy = [], contender, seed, seeds } = request
  const words = [
    ['npx @evenkeel/storm-lab run', scenario],
    ['--clients', clients],
    ['--calls-per-client', callsPerClient],
    ['--contender', contender?.join()],
    ...policy.map((path) => ['--policy', path]),
    ['--seed', seed],
    ['--seeds', seeds > 1 ? seeds : undefined],
    ['--report', 'report.html'],
  ]
  return words
    .flatMap(([flag, value]) => (value === undefined ? [] : [`${flag} ${value}`]))
    .join(' ')
}
