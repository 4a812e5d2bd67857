import { type Demand, type Measurement, toldDemand } from './demand.ts'
import { measures, toldOf } from './measures.ts'

/** What was expected, and what came of it. */
export interface StormFinding {
  readonly scenario: string
  readonly contender: string
  readonly seed: number
  /** The phase, if it is about one. */
  readonly phase: string | undefined
  /** What was expected, in words. */
  readonly expected: string
  /** The figure; `null` for a phase without calls, `Infinity` for a recovery that never came. */
  readonly measured: number | null
  /** The command that runs it again, and makes a page of it. */
  readonly command: string
}

/** Thrown when a fleet is not what was expected of it. */
export class StormExpectationError extends Error {
  override readonly name = 'StormExpectationError'
  readonly finding: StormFinding

  constructor(message: string, finding: StormFinding) {
    super(message)
    this.finding = finding
  }
}

/** What is to be said of a demand that does not hold, by its first seed that fails. */
export function expectationError(
  demand: Demand,
  all: readonly Measurement[],
  scenario: string,
  commandFor: (measurement: Measurement) => string,
): StormExpectationError | undefined {
  const failed = all.find(({ holds }) => !holds)
  if (!failed) return undefined
  const { subject } = demand
  const { contender, seed, value } = failed
  const { format, of } = measures[subject.measure]
  const shown = (each: number | null): string => {
    if (each === null) return 'no calls'
    const text = format(each)
    return Number.isFinite(each) && text === format(demand.limit) ? String(each) : text
  }
  const own = all.filter((each) => each.contender === contender)
  const seeds = own.map((each) => `${each.seed}: ${shown(each.value)}${each.holds ? '' : ' ✗'}`)
  const expected = toldDemand(demand)
  const lines = [
    `${contender} in ${scenario}: expected ${expected}, measured ${shown(value)}`,
    `  seed      ${seed}${own.length > 1 ? ` (${seeds.join(', ')})` : ''}`,
    `  measure   ${toldOf(subject)}`,
    `  look      ${commandFor(failed)}`,
  ]
  return new StormExpectationError(lines.join('\n'), {
    scenario,
    contender,
    seed,
    phase: of ? (subject.phase ?? 'spike') : undefined,
    expected,
    measured: value,
    command: commandFor(failed),
  })
}
