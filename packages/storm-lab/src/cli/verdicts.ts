import { type Demand, judge, toldDemand } from '../expect/demand.ts'
import { measures } from '../expect/measures.ts'
import type { Fleet } from '../summary/fleets.ts'
import { colour } from './colour.ts'

/** What became of what was expected, a line each; `isKept` if all of it holds. */
export function verdicts(
  demands: readonly Demand[],
  fleets: readonly Fleet[],
): { readonly text: string; readonly isKept: boolean } {
  const lines = demands.map((demand) => {
    const failed = judge(demand, fleets).filter(({ holds }) => !holds)
    const { format } = measures[demand.subject.measure]
    const which = failed.map(
      ({ contender, seed, value }) =>
        `${contender} ${value === null ? 'no calls' : format(value)} (seed ${seed})`,
    )
    return { told: toldDemand(demand), which }
  })
  return {
    text: lines
      .map(({ told, which }) =>
        which.length === 0
          ? `${colour.good('✓')} ${told}`
          : `${colour.bad('✗')} ${told}: ${which.join(', ')}`,
      )
      .join('\n'),
    isKept: lines.every(({ which }) => which.length === 0),
  }
}
