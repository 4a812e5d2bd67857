import { checkNumber, type Priority } from '@evenkeel/core'
import type { Contender } from '../contenders/contender.ts'
import { type ContenderName, contenders } from '../contenders/contenders.ts'
import { UsageError } from '../modules/known.ts'
import { loadContenders } from '../modules/load-contenders.ts'
import { loadScenario } from '../modules/load-scenario.ts'
import type { Report } from '../report/report.ts'
import { runStorm } from '../run-storm.ts'
import { checkNames } from '../scenario/known-names.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { type ScenarioName, scenarios } from '../scenarios/scenarios.ts'
import { commandOf } from '../summary/command.ts'
import { fleetsOf } from '../summary/fleets.ts'
import { type Demand, judge, type Measurement } from './demand.ts'
import { expectationError } from './error.ts'
import type { PhaseMeasure, Subject } from './measures.ts'

/** A scenario, its name in the lab, or the `file:` URL of a module whose default export it is. */
export type ScenarioRef = Scenario | ScenarioName | URL
/** A fleet, its name in the lab, or the `file:` URL of a module whose default export is one, several, or rules. */
export type FleetRef = Contender | ContenderName | URL

/** How a storm is run that something is expected of. */
export interface ExpectStormOptions {
  /** @defaultValue the scenario's */
  readonly clients?: number | undefined
  /** @defaultValue the scenario's */
  readonly callsPerClient?: number | undefined
  /** The first seed. @defaultValue 1 */
  readonly seed?: number | undefined
  /** How many, from the first on: what is expected must hold with each. @defaultValue 1 */
  readonly seeds?: number | undefined
}

/** What is expected of a figure, of every fleet and with every seed. Each rejects with a `StormExpectationError`. */
export interface Expectation {
  /** Less than the limit. */
  toBeBelow(limit: number): Promise<void>
  /** The limit, or less. */
  toBeAtMost(limit: number): Promise<void>
  /** More than the limit. */
  toBeAbove(limit: number): Promise<void>
  /** The limit, or more. */
  toBeAtLeast(limit: number): Promise<void>
}

/** The figures of a phase, by their names in a report. */
export interface PhaseExpectations extends Readonly<Record<PhaseMeasure, Expectation>> {
  readonly successRatio: Expectation & {
    /** Of the calls of a priority alone. */
    of(priority: Priority): Expectation
  }
}

/** What can be expected of a storm: figures of the spike, of any other phase, and the recovery. */
export interface StormExpectations extends PhaseExpectations {
  /** From the end of the trigger until 99 % succeed for a minute. */
  readonly recoveryMs: Expectation
  /** The figures of a phase: `before`, `spike`, `after`, or one that the scenario names. */
  during(phase: string): PhaseExpectations
  /** Every fleet comes back above 99 %, however long it takes. */
  toBeSurvived(): Promise<void>
  /** What the storm came to, a report for each seed. */
  reports(): Promise<readonly Report[]>
}

/**
 * Says what is expected of fleets in a storm, for tests with any runner. The storm is run once, when first asked.
 *
 * @throws `UsageError` for what is no fleet or scenario, `RangeError` for a bad option; from each expectation what
 * `runStorm` throws, and `UsageError` for a name, module or phase that there is not
 */
export function expectStorm(
  scenario: ScenarioRef,
  fleets: FleetRef | readonly FleetRef[],
  options: ExpectStormOptions = {},
): StormExpectations {
  checkNames('options', options, { clients: 0, callsPerClient: 0, seed: 0, seeds: 0 })
  const { seed = 1, seeds = 1, clients, callsPerClient } = options
  checkNumber('storm', 'seeds', seeds, 1)
  const refs = [fleets].flat() as readonly FleetRef[]
  for (const ref of refs) checkIs('a fleet', ref, 'cohorts')
  checkIs('a scenario', scenario, 'load')
  let running: Promise<readonly Report[]> | undefined

  async function run(): Promise<readonly Report[]> {
    const found = await (isRef(scenario) ? loadScenario(String(scenario)) : scenario)
    const each = await Promise.all(
      refs.map((ref) => (isRef(ref) ? loadContenders(String(ref)) : [ref])),
    )
    const reports: Report[] = []
    for (let at = 0; at < seeds; at++)
      reports.push(
        await runStorm(found, {
          clients,
          callsPerClient,
          seed: seed + at,
          contenders: each.flat(),
        }),
      )
    return reports
  }
  const reports = (): Promise<readonly Report[]> => {
    running ??= run()
    return running
  }
  const command = ({ seed }: Measurement): string =>
    commandOf({
      scenario: nameOf(scenario, scenarios),
      clients,
      callsPerClient,
      fleets: refs.map((ref) => nameOf(ref, contenders)),
      seed,
      report: 'storm.html',
    })

  async function hold(demand: Demand): Promise<void> {
    const all = await reports()
    const scenarioName = (all[0] as Report).scenario.name
    const error = expectationError(demand, judge(demand, fleetsOf(all)), scenarioName, command)
    if (error) throw error
  }
  const expectation = (subject: Subject): Expectation => ({
    toBeBelow: (limit) => hold({ subject, comparison: '<', limit }),
    toBeAtMost: (limit) => hold({ subject, comparison: '<=', limit }),
    toBeAbove: (limit) => hold({ subject, comparison: '>', limit }),
    toBeAtLeast: (limit) => hold({ subject, comparison: '>=', limit }),
  })
  const during = (phase: string): PhaseExpectations => ({
    attemptsPerCall: expectation({ measure: 'attemptsPerCall', phase }),
    peakMinuteAttemptsPerCall: expectation({ measure: 'peakMinuteAttemptsPerCall', phase }),
    successRatio: {
      ...expectation({ measure: 'successRatio', phase }),
      of: (priority) => expectation({ measure: 'successRatio', phase, priority }),
    },
    unsentRatio: expectation({ measure: 'unsentRatio', phase }),
    goodputRatio: expectation({ measure: 'goodputRatio', phase }),
    wastedRatio: expectation({ measure: 'wastedRatio', phase }),
    p50Ms: expectation({ measure: 'p50Ms', phase }),
    p99Ms: expectation({ measure: 'p99Ms', phase }),
  })
  const recoveryMs = expectation({ measure: 'recoveryMs' })
  return {
    ...during('spike'),
    recoveryMs,
    during,
    toBeSurvived: () => recoveryMs.toBeBelow(Number.POSITIVE_INFINITY),
    reports,
  }
}

/** Says in words what a property that is misspelt would say by a `TypeError`. */
function checkIs(what: string, given: unknown, part: string): void {
  if (!isRef(given as string) && !(part in Object(given)))
    throw new UsageError(`${what} must be one of the lab, its name or a file: URL, got ${given}`)
}

function isRef(ref: object | string): ref is string | URL {
  return typeof ref === 'string' || ref instanceof URL
}

/** How a command names it: what is in no module can't be named. */
function nameOf<T extends { readonly name: string }>(
  ref: T | string | URL,
  known: Readonly<Record<string, T>>,
): string {
  if (isRef(ref)) return String(ref)
  return known[ref.name] === ref ? ref.name : `file:<the module that exports ${ref.name}>`
}
