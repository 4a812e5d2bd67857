import type { WorldName } from '../worlds/world.ts'
import type { Figures } from './figures.ts'
import type { Simulation } from './simulate.ts'

/** One figure of one world, simulated and real. */
export interface Pair {
  readonly world: WorldName
  /** With the replay's own seed. */
  readonly simulated: number | null
  /** The least and the most of all simulated seeds; `null` for never. */
  readonly range: readonly [least: number | null, most: number | null]
  readonly real: number | null
  /** Real against simulated; `null` where one of them never came. */
  readonly ratio: number | null
  readonly agrees: boolean
}

/** One figure of all worlds. */
interface ComparedFigure {
  readonly figure: keyof Figures
  readonly pairs: readonly Pair[]
}

/** How far the simulation and the replay agree. */
export interface Agreement {
  readonly seeds: number
  readonly figures: readonly ComparedFigure[]
}

/** How far beyond the simulated range a figure may be: the replay is one more day, and days differ. */
const slack = 0.1
/** What the steps of the series can tell apart. */
const stepMs = 10_000

/** Holds the replay's figures against the simulated ones. */
export function agreement(
  simulations: readonly Simulation[],
  real: ReadonlyMap<WorldName, Figures>,
): Agreement {
  const names = [
    'attemptsInSpike',
    'attemptsAfter',
    'successInSpike',
    'successAfter',
    'recoveredAfterMs',
    'socketsBackAfterMs',
    'dialsPerUser',
    'peakDialsPerSecond',
  ] as const
  return {
    seeds: simulations[0]?.runs.length ?? 0,
    figures: names.map((figure) => ({
      figure,
      pairs: simulations.map(({ world, runs }) => {
        const simulated = runs.map((run) => run[figure])
        return pair(world, figure, simulated, real.get(world)?.[figure] ?? null)
      }),
    })),
  }
}

function pair(
  world: WorldName,
  figure: keyof Figures,
  all: readonly (number | null)[],
  real: number | null,
): Pair {
  const values = all.map((value) => value ?? Number.POSITIVE_INFINITY)
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const step = figure === 'recoveredAfterMs' ? stepMs : 0
  const value = real ?? Number.POSITIVE_INFINITY
  const [simulated = null] = all
  return {
    world,
    simulated,
    range: [finite(least), finite(most)],
    real,
    ratio: simulated !== null && real !== null && simulated > 0 ? real / simulated : null,
    agrees: value >= least * (1 - slack) - step && value <= most * (1 + slack) + step,
  }
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)
