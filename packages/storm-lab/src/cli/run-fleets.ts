import type { Report } from '../report/report.ts'
import { runStorms, type StormJob } from '../run-storms.ts'
import type { Plan } from './plan.ts'

/** What to run. */
export interface FleetsToRun {
  readonly scenario: Plan['scenario']
  readonly fleets: Plan['fleets']
  readonly clients?: number | undefined
  readonly callsPerClient?: number | undefined
  readonly seeds: readonly number[]
  readonly workers?: number | undefined
}

/** How far one contender is with one seed. */
export interface FleetProgress {
  readonly name: string
  readonly seed: number
  /** From 0 to 1. */
  readonly ratio: number
}

/** How slow one is to simulate, against others. */
const slowness = { formula: 1, cores: 2, shells: 20 } as const

/** Runs every contender with every seed, each on a thread of its own, and gives a report for each seed. */
export async function runFleets(
  { scenario, fleets, clients, callsPerClient, seeds, workers }: FleetsToRun,
  onProgress: (progress: FleetProgress) => void,
  signal: AbortSignal,
): Promise<readonly Report[]> {
  const runs = seeds.flatMap((seed) => fleets.map((fleet) => ({ seed, fleet })))
  const cost = ({ fleet }: (typeof runs)[number]): number =>
    fleet.contenders.reduce((sum, each) => sum + slowness[each.runs], 0)
  // The longest first, so that no core waits for the last of them.
  const inOrder = [...runs].sort((a, b) => cost(b) - cost(a))
  const jobs = inOrder.map(
    ({ seed, fleet }): StormJob => ({
      scenario,
      clients,
      callsPerClient,
      seed,
      contenders: [fleet.ref],
    }),
  )
  const parts = await runStorms(jobs, {
    workers,
    signal,
    onProgress(which, { contender, ratio }) {
      const each = inOrder[which]?.fleet.contenders ?? []
      // A module of several goes through it one after another.
      const at = each.findIndex(({ name }) => name === contender)
      const own = Math.min(1, ratio * each.length - at)
      onProgress({ name: contender, seed: inOrder[which]?.seed as number, ratio: own })
    },
  })
  return seeds.map((seed) => {
    const own = runs
      .filter((each) => each.seed === seed)
      .map((each) => parts[inOrder.indexOf(each)] as Report)
    return { ...(own[0] as Report), contenders: own.flatMap((part) => part.contenders) }
  })
}
