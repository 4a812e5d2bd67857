import { resolve } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import type { Contender } from '../contenders/contender.ts'
import type { ContenderName } from '../contenders/contenders.ts'
import { type Demand, readDemand } from '../expect/demand.ts'
import { didYouMean, UsageError } from '../modules/known.ts'
import { loadContenders } from '../modules/load-contenders.ts'
import { loadScenario } from '../modules/load-scenario.ts'
import { checkRun } from '../scenario/check-scenario.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { ScenarioName } from '../scenarios/scenarios.ts'
import { isPath, type RunRequest } from './command-line.ts'

/** A request whose names and modules have been found. */
export interface Plan {
  readonly scenario: ScenarioName | URL
  /** By name or module, each with what it is. */
  readonly fleets: readonly {
    readonly ref: ContenderName | URL
    readonly contenders: readonly Contender[]
  }[]
  readonly seeds: readonly number[]
  readonly demands: readonly Demand[]
  /** The names of the fleets that the demands are about. */
  readonly judged: ReadonlySet<string>
}

/** Who goes through a storm unless others are named: the hurried loop, the advice of the books, evenkeel. */
const telling: readonly ContenderName[] = ['fixed-1s', 'prescription', 'evenkeel']

/** A path from where a command was typed: package managers run scripts in the package's folder. */
export function typedPath(path: string): string {
  return resolve(process.env.INIT_CWD ?? process.cwd(), path)
}

const urlOf = (path: string): URL => pathToFileURL(typedPath(path))

/**
 * Finds everything that a run needs, so that what can't be run is told before anything is.
 *
 * @throws `RangeError` saying what was expected
 */
export async function planOf(request: RunRequest): Promise<Plan> {
  const { clients, callsPerClient, policy = [], contender, seed, seeds, expect = [] } = request
  const scenario = isPath(request.scenario)
    ? urlOf(request.scenario)
    : (request.scenario as ScenarioName)
  const named = (contender ?? telling) as readonly ContenderName[]
  const load = async (ref: ContenderName | URL) => ({
    ref,
    contenders: await loadContenders(String(ref)),
  })
  const known = await Promise.all(named.map(load))
  const own = await Promise.all(policy.map((path) => load(urlOf(path))))
  const fleets = [...known, ...own]
  const contenders = fleets.flatMap((fleet) => fleet.contenders)
  if (contenders.length === 0)
    throw new UsageError('no contender and no policy: nobody to send through it')
  const found = await loadScenario(String(scenario))
  checkRun(found, { clients, callsPerClient, seed, contenders })
  const demands = expect.map(readDemand)
  for (const demand of demands) checkPhase(demand, found)
  if (demands.length > 0 && own.length === 0 && !contender)
    throw new UsageError(
      '--expect is about the fleets of --policy, or else of --contender: name one',
    )
  const judged = (own.length > 0 ? own : known).flatMap((fleet) => fleet.contenders)
  return {
    scenario,
    fleets,
    seeds: Array.from({ length: seeds }, (_, at) => seed + at),
    demands,
    judged: new Set(judged.map(({ name }) => name)),
  }
}

function checkPhase(
  { subject: { phase = 'spike' } }: Demand,
  { name, phases = [] }: Scenario,
): void {
  const known = ['before', 'spike', 'after', ...phases.map((each) => each.name)]
  if (!known.includes(phase))
    throw new UsageError(`${name} has no phase '${phase}'${didYouMean(phase, known)}`)
}
