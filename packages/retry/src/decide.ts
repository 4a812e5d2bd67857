import { checkNumber, type Random, type Reached } from '@evenkeel/core'
import type { Backoff } from './backoff.ts'

/** Why a failed call is not tried again. */
export type GiveUpReason =
  /** The caller's signal aborted. */
  | 'aborted'
  /** `shouldRetry` said no. */
  | 'notRetryable'
  /** It may have reached the server, and applying it twice is not the same as once. */
  | 'notIdempotent'
  | 'retriesExhausted'
  /** The server asks for more than `maxRetryAfterMs`. */
  | 'retryAfterTooLong'
  /** The wait ends after the deadline of the call. */
  | 'deadlineExceeded'
  | 'budgetExhausted'
  /** The server has said that the call must not be tried again. */
  | 'forbiddenByServer'
  /** A retrying layer further in has given the call up. */
  | 'givenUpInside'
  /** A retrying layer further out tries the call again. */
  | 'retriedOutside'
  /** An option that is a function threw, or a backoff returned no wait. */
  | 'callbackThrew'

/** An attempt that failed, as far as the decision needs to know. */
export interface FailedAttempt {
  readonly error: unknown
  /** Whether the same call may succeed later. */
  readonly retryable: boolean
  /** Who else has the say in its retries. @defaultValue nobody */
  readonly barred?: 'forbiddenByServer' | 'givenUpInside' | 'retriedOutside' | undefined
  readonly idempotent: boolean
  readonly reached: Reached
  /** Which retry would be next; 1 is the first. */
  readonly retry: number
  readonly retriesLeft: number
  /** What the server asks for. */
  readonly hintMs: number | undefined
  readonly previousDelayMs: number | undefined
  /** What is left until the deadline of the call. */
  readonly leftMs: number
}

/** What does not change from call to call. */
export interface RetryRules {
  readonly backoff: Backoff
  readonly maxRetryAfterMs: number
  readonly random: Random
}

/** What to do about a failed attempt: wait and try again, or give up for `reason`. */
export interface Decision {
  /** The wait; 0 when it never came to that. */
  readonly delayMs: number
  /** Set when there is no retry. */
  readonly reason: GiveUpReason | undefined
}

/** The most that chance adds to a wait the server asked for. */
const maxSpreadMs = 30_000

/**
 * Decides what follows a failed attempt; asks `pay`, the budget, last, so that nothing is paid for a
 * retry that will not be made.
 *
 * A server's wait is only ever lengthened, by up to half of it (as Envoy does) and 30 s: clients that
 * obey a common instant to the millisecond arrive as one.
 */
export function decide(
  {
    error,
    retryable,
    barred,
    idempotent,
    reached,
    retry,
    retriesLeft,
    hintMs = 0,
    previousDelayMs,
    leftMs,
  }: FailedAttempt,
  { backoff, maxRetryAfterMs, random }: RetryRules,
  pay: (reached: Reached) => boolean,
): Decision {
  const reason: GiveUpReason | undefined = !retryable
    ? 'notRetryable'
    : (barred ??
      (!idempotent && reached !== 'no'
        ? 'notIdempotent'
        : retriesLeft < 1
          ? 'retriesExhausted'
          : hintMs > maxRetryAfterMs
            ? 'retryAfterTooLong'
            : undefined))
  if (reason) return { delayMs: reason === 'retryAfterTooLong' ? hintMs : 0, reason }
  let delayMs = backoff({ retry, previousDelayMs, error, random })
  checkNumber('retry', 'a backoff', delayMs, 0, Number.MAX_VALUE, 'a finite number ≥ 0')
  if (hintMs > 0) {
    delayMs = Math.max(delayMs, hintMs)
    delayMs += random() * Math.min(delayMs / 2, maxSpreadMs)
  }
  return {
    delayMs,
    reason: delayMs >= leftMs ? 'deadlineExceeded' : pay(reached) ? undefined : 'budgetExhausted',
  }
}
