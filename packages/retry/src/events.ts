import type { GiveUpReason } from './decide.ts'

/** What a retry policy tells its listener. */
export type RetryEvent = RetryScheduled | GaveUp | BudgetExhausted

/** What a hedge tells its listener. */
export type HedgeEvent = Hedged | BudgetExhausted

/** Which call it is about. */
export interface CallFacts {
  readonly key: string
  /** The caller's, as given with the call. */
  readonly tag?: unknown
}

/** Another attempt will start in `delayMs`. */
export interface RetryScheduled extends CallFacts {
  readonly type: 'retryScheduled'
  /** The number of the attempt to come; 2 is the first retry. */
  readonly attempt: number
  readonly delayMs: number
  /** What the attempt before failed with. */
  readonly error: unknown
  /** What the server asked for, if it did. */
  readonly hintMs?: number | undefined
}

/** The call has failed for good; follows on every failure, retried or not. */
export interface GaveUp extends CallFacts {
  readonly type: 'gaveUp'
  /** How many attempts were made. */
  readonly attempts: number
  readonly reason: GiveUpReason
  /** What the caller gets. */
  readonly error: unknown
}

/** An attempt was not made because the budget would not pay for it. */
export interface BudgetExhausted extends CallFacts {
  readonly type: 'budgetExhausted'
  /** The number of the attempt that is not made. */
  readonly attempt: number
}

/** Another copy of the call is sent. */
export interface Hedged extends CallFacts {
  readonly type: 'hedged'
  /** The attempt of which it is a copy. */
  readonly attempt: number
  /** How long the call has gone without an answer. */
  readonly afterMs: number
}
