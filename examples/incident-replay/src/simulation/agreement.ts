import type { WorldName } from '../worlds/world.ts'
import type { Figures } from './figures.ts'
import type { Simulation } from './simulate.ts'

/** One figure of one world, simulated and real. */
export interface Pair {
  readonly world: WorldName
  /** The median of all simulated seeds; `null` for never. */
  readonly simulated: number | null
  /** The least and the most of them. */
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
  const values = all.map((value) => value ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b)
  const [least, most] = [values[0], values.at(-1)] as [number, number]
  const simulated = finite(median(values))
  const step = figure === 'recoveredAfterMs' ? stepMs : 0
  const value = real ?? Number.POSITIVE_INFINITY
  return {
    world,
    simulated,
    range: [finite(least), finite(most)],
    real,
    ratio: simulated !== null && real !== null && simulated > 0 ? real / simulated : null,
    agrees: value >= least * (1 - slack) - step && value <= most * (1 + slack) + step,
  }
}

/** Of sorted values. */
function median(values: readonly number[]): number {
  const middle = (values.length - 1) / 2
  return ((values[Math.floor(middle)] as number) + (values[Math.ceil(middle)] as number)) / 2
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)
