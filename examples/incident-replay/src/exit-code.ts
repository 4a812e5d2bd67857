import type { Report } from './report/report.ts'

/**
 * Gives 0 when evenkeel kept its promise, or nothing was promised, whatever became of the other clients; 1 when it
 * did not. A run on a machine too busy to tell says so, and ends with 0.
 */
export function exitCode({ promise, load }: Report): 0 | 1 {
  return load.isTrustworthy && promise.some(({ kept }) => !kept) ? 1 : 0
}
