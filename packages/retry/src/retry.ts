import {
  type CallContext,
  type Clock,
  checkNoOther,
  checkNumber,
  claimRetries,
  giveUpTurn,
  isTransient,
  type Next,
  type Policy,
  type Random,
  systemClock,
  systemRandom,
} from '@evenkeel/core'
import isNetworkError from 'is-network-error'
import type { Backoff } from './backoff.ts'
import type { RetryBudget } from './budget.ts'
import { costWeightedBudget } from './cost-weighted-budget.ts'
import type { RetryEvent } from './events.ts'
import { fullJitter } from './full-jitter.ts'
import { type RecoverRules, recover } from './recover.ts'

/** What {@link retry} can be told. */
export interface RetryOptions {
  /**
   * How many attempts may follow the first; `Infinity` must be typed.
   * @defaultValue 3: later ones hardly ever succeed, and cost the server the same
   */
  readonly maxRetries?: number | undefined
  /** The wait before each retry. @defaultValue `fullJitter()` */
  readonly backoff?: Backoff | undefined
  /**
   * What pays for retries; give the same object to several policies to share it, `false` for none.
   * @defaultValue a `costWeightedBudget()` of its own
   */
  readonly budget?: RetryBudget | false | undefined
  /** The longest wait asked for by the server that is slept on. @defaultValue 300_000, as Envoy's */
  readonly maxRetryAfterMs?: number | undefined
  /**
   * Whether the same call may succeed later.
   * @defaultValue transient failures, and fetch's `TypeError` for a network that failed
   */
  readonly shouldRetry?: ((failed: { error: unknown; context: CallContext }) => boolean) | undefined
  /** Told of every retry, and why a call got no more of them. */
  readonly onEvent?: ((event: RetryEvent) => void) | undefined
  /** @defaultValue `systemClock` */
  readonly clock?: Clock | undefined
  /** @defaultValue `Math.random` */
  readonly random?: Random | undefined
}

const mayPass = ({ error }: { error: unknown }): boolean =>
  isTransient(error) || isNetworkError(error)

/** A retry policy, and what pays for its retries. */
export interface Retry extends Policy {
  readonly budget: RetryBudget | undefined
}

/**
 * Tries a failed call again, when that can help and harms nobody: after a jittered wait, or the
 * server's if it names one; within a budget; never what may have reached the server, unless it may be
 * applied twice; and never a wait that the deadline cuts off.
 *
 * After the last retry the caller gets the last error itself, marked, so that no layer further out starts over
 * (`isRetryable` of core). Inside another retry it makes one attempt.
 *
 * @throws `RETRY_AFTER_TOO_LONG`, `DEADLINE_EXCEEDED`, `RETRY_BUDGET_EXHAUSTED` instead of a retry;
 * each has the error as `cause`, and `retryAt`.
 */
export function retry({
  maxRetries = 3,
  backoff = fullJitter(),
  maxRetryAfterMs = 300_000,
  shouldRetry = mayPass,
  onEvent,
  clock = systemClock,
  random = systemRandom,
  budget = costWeightedBudget({ clock, random }),
  ...others
}: RetryOptions = {}): Retry {
  checkNoOther('retry', others)
  checkNumber(
    'retry',
    'maxRetries',
    maxRetries,
    0,
    // The remainder of Infinity is NaN.
    maxRetries % 1 ? -1 : Infinity,
    'a whole number ≥ 0 or Infinity',
  )
  checkNumber('retry', 'maxRetryAfterMs', maxRetryAfterMs, 0)
  const purse = budget || undefined
  const rules: RecoverRules = {
    maxRetries,
    backoff,
    maxRetryAfterMs,
    shouldRetry,
    onEvent,
    clock,
    random,
    budget: purse,
  }
  const guestRules: RecoverRules = { ...rules, budget: undefined, isGuest: true }
  return {
    name: 'retry',
    budget: purse,
    execute<T>(next: Next<T>, context: CallContext): Promise<T> {
      const turn = giveUpTurn()
      if (maxRetries && !claimRetries(context, rules))
        return next(context).catch((error) => recover(guestRules, next, context, error, turn))
      purse?.onCall?.(context.key)
      return next(context).then(
        purse?.onSuccess
          ? (value) => {
              purse.onSuccess?.(context.key, undefined)
              return value
            }
          : undefined,
        // The success path stays out of p-retry, which checks its options on every call.
        (error) => recover(rules, next, context, error, turn),
      )
    },
  }
}
