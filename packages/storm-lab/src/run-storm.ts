import type { Contender } from './contenders/contender.ts'
import { evenkeel } from './contenders/evenkeel.ts'
import { noRetries, prescription } from './contenders/peers.ts'
import { phaseFigures } from './report/phase-figures.ts'
import type { ContenderReport, Report } from './report/report.ts'
import { rounded } from './report/round.ts'
import { seriesOf, seriesWindowMs } from './report/series.ts'
import { stormMetrics } from './report/storm-metrics.ts'
import { checkRun } from './scenario/check-scenario.ts'
import { type ResolvedScenario, resolveScenario } from './scenario/resolve-scenario.ts'
import type { Phase, Scenario } from './scenario/scenario.ts'
import { runSockets } from './sockets/fleet-sockets.ts'
import { Storm } from './storm.ts'

/** How a scenario is run. */
export interface RunOptions {
  /** How many clients. @defaultValue the scenario's */
  readonly clients?: number | undefined
  /** Calls a second of a client in the busiest minute. @defaultValue the scenario's */
  readonly callsPerClient?: number | undefined
  /** The same seed gives the same report, byte for byte. @defaultValue 1 */
  readonly seed?: number | undefined
  /** Who goes through it, each alone. @defaultValue no retries, the prescription of the incident, evenkeel */
  readonly contenders?: readonly Contender[] | undefined
  /** Told after each simulated minute; what it returns is waited for, so that a page can draw meanwhile. */
  readonly onProgress?: ((progress: Progress) => unknown) | undefined
  /** Ends the run between two simulated minutes. */
  readonly signal?: AbortSignal | undefined
}

/** How far a run is. */
export interface Progress {
  readonly contender: string
  readonly atMs: number
  readonly durationMs: number
  /** Of all contenders, from 0 to 1. */
  readonly ratio: number
}

/**
 * Sends each contender through a scenario, with the same users, the same faults and the same chance.
 *
 * The backend is as large as the clients need it to be: `clients` changes how finely it is simulated,
 * and `callsPerClient` how many share the same load.
 *
 * @throws `RangeError` for a scenario, or options, of no use; the reason of `signal`
 */
export async function runStorm(scenario: Scenario, options: RunOptions = {}): Promise<Report> {
  const { contenders = [noRetries, prescription, evenkeel], seed = 1, onProgress, signal } = options
  checkRun(scenario, { ...options, contenders, seed })
  const resolved = resolveScenario(scenario, options)
  const { durationMs } = resolved
  const endMs = durationMs + resolved.load.patienceMs + 1
  let capacity = 0
  const reports: ContenderReport[] = []
  for (const [which, contender] of contenders.entries()) {
    const storm = new Storm(resolved, contender, seed)
    for (let atMs = 60_000; atMs < endMs + 60_000; atMs += 60_000) {
      signal?.throwIfAborted()
      await storm.runUntil(Math.min(atMs, endMs))
      const ratio = (which + Math.min(1, atMs / endMs)) / contenders.length
      await onProgress?.({ contender: contender.name, atMs, durationMs: endMs, ratio })
    }
    capacity = storm.capacity
    reports.push(contenderReport(resolved, contender, storm, seed))
  }
  const { name, about, trigger, peak, changes = [], clients, scale, load } = resolved
  return {
    format: 1,
    scenario: {
      name,
      about,
      durationMs,
      trigger,
      peak,
      events: changes.flatMap(({ atMs, label }) => (label === undefined ? [] : [{ atMs, label }])),
      parameters: plain(resolved),
    },
    seed,
    clients,
    callsPerClient: load.callsPerClient,
    scale: rounded(scale),
    capacity: rounded(capacity),
    windowMs: seriesWindowMs(durationMs),
    contenders: reports,
  }
}

function contenderReport(
  scenario: ResolvedScenario,
  { name, about, runs, cohorts }: Contender,
  { recorder, capacity, kernel }: Storm,
  seed: number,
): ContenderReport {
  const { trigger, peak, durationMs, phases = [] } = scenario
  const { windows } = recorder
  const cohortNames = cohorts.map((cohort) => cohort.name)
  const figures = (phase: Phase) => phaseFigures({ windows, cohortNames, capacity }, phase)
  const before = figures({ name: 'before', fromMs: 0, toMs: trigger[0] })
  const spike = figures({ name: 'spike', fromMs: peak[0], toMs: peak[1] })
  const after = figures({ name: 'after', fromMs: trigger[1], toMs: durationMs })
  const sockets = scenario.sockets && runSockets(scenario, scenario.sockets, cohorts, seed)
  return {
    name,
    about,
    runs,
    metrics: {
      ...stormMetrics(recorder, scenario, spike, after),
      ...(sockets && { sockets: sockets.figures }),
    },
    phases: [before, spike, after, ...phases.map(figures)],
    series: { ...seriesOf(windows, seriesWindowMs(durationMs)), ...sockets?.series },
    events: kernel.handled,
  }
}

/** As JSON has it; what has no bound says so. */
function plain(scenario: ResolvedScenario): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(scenario, (_, value) => (value === Infinity ? 'Infinity' : value)),
  )
}
