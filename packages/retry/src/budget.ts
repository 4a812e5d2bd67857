import type { Reached } from '@evenkeel/core'

/**
 * What pays for retries and hedges, per key. One object may be given to several policies; they then
 * share what it holds.
 */
export interface RetryBudget {
  /** A call starts: counted once, however many attempts it will take. */
  onCall?(key: string): void
  /** An attempt succeeded; `paidFor` is how far the attempt before it had got, if it was a retry. */
  onSuccess?(key: string, paidFor: Reached | undefined): void
  /** An attempt failed in a way that a retry may mend, whether or not one follows. */
  onFailure?(key: string, reached: Reached): void
  /** Pays for one more attempt after one that got this far, and says whether it could. */
  tryTake(key: string, reached: Reached): boolean
}
