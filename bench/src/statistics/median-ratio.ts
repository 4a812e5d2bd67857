import { median } from './median.ts'

/**
 * How many times as much one contender took as another: the median over the rounds of the ratio
 * within each round. What slows the machine down for a while slows both, so it cancels out.
 */
export function medianRatio(of: readonly number[], to: readonly number[]): number {
  return median(of.map((value, round) => value / (to[round] as number)))
}
