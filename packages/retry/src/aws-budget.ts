import { checkNumber, type Reached, type TimeSource } from '@evenkeel/core'
import type { RetryBudget } from './budget.ts'
import { type TokenBudget, TokenKeys } from './token-keys.ts'

/** What {@link awsBudget} can be told; all but the last in tokens. */
export interface AwsBudgetOptions {
  /** What a key starts with and can hold. @defaultValue 500, the SDKs' */
  readonly capacity?: number | undefined
  /** The price of a retry after an answer. @defaultValue 5, the SDKs' */
  readonly cost?: number | undefined
  /** The price of a retry after silence. @defaultValue 10, the SDKs' */
  readonly timeoutCost?: number | undefined
  /** Tells how long a key has rested. @defaultValue `systemTime` */
  readonly clock?: TimeSource | undefined
}

/** The tokens after a success: a retry that succeeds gets its price back, any other call adds one. */
export function awsRefund(tokens: number, paid: number | undefined, capacity: number): number {
  return Math.min(capacity, tokens + (paid ?? 1))
}

/**
 * The retry quota of the AWS SDKs' standard mode: a retry takes its price if that is there, and gets
 * it back by succeeding.
 *
 * Sized for servers: one key starts with a hundred retries, which a browser tab never uses up.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 * @throws `RangeError` for a bad option.
 */
export function awsBudget({
  capacity = 500,
  cost = 5,
  timeoutCost = 10,
  clock,
}: AwsBudgetOptions = {}): RetryBudget & TokenBudget {
  for (const [name, value] of Object.entries({ capacity, cost, timeoutCost }))
    checkNumber('retry', name, value, 0)
  const keys = new TokenKeys(capacity, 0, clock)
  const priceOf = (reached: Reached): number => (reached === 'maybe' ? timeoutCost : cost)
  return {
    keys,
    onSuccess(key, paidFor) {
      const state = keys.get(key)
      state.tokens = awsRefund(state.tokens, paidFor && priceOf(paidFor), capacity)
    },
    tryTake(key, reached) {
      const price = priceOf(reached)
      if (keys.get(key).tokens < price) return false
      keys.spend(key, price)
      return true
    },
  }
}
