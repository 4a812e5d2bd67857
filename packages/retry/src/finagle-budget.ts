import { checkNumber, KeyedState, systemTime, type TimeSource } from '@evenkeel/core'
import type { RetryBudget } from './budget.ts'
import { addToBucket, leakyBucket } from './leaky-bucket.ts'

/** What {@link finagleBudget} can be told. */
export interface FinagleBudgetOptions {
  /** How long a call's deposit lasts, from 1 s to 60 s. @defaultValue 10_000, Finagle's */
  readonly ttlMs?: number | undefined
  /** Retries a second that are always there. @defaultValue 10, Finagle's: with its ttl, 100 at once */
  readonly minRetriesPerSecond?: number | undefined
  /** How many retries each call earns on top. @defaultValue 0.2, Finagle's */
  readonly ratio?: number | undefined
  /** @defaultValue `systemTime` */
  readonly clock?: TimeSource | undefined
}

/** What a call puts in. */
const deposit = 1000

/**
 * The retry budget of Finagle: a share of the calls of the last `ttlMs`, on top of a floor.
 *
 * Sized for servers: the floor alone is a hundred retries per `ttlMs`, more than a browser tab makes calls.
 *
 * @see https://twitter.github.io/finagle/guide/Clients.html#retries
 * @throws `RangeError` for a bad option.
 */
export function finagleBudget({
  ttlMs = 10_000,
  minRetriesPerSecond = 10,
  ratio = 0.2,
  clock = systemTime,
}: FinagleBudgetOptions = {}): RetryBudget {
  checkNumber('retry', 'ttlMs', ttlMs, 1000, 60_000)
  checkNumber('retry', 'minRetriesPerSecond', minRetriesPerSecond, 0)
  checkNumber('retry', 'ratio', ratio, 0, deposit)
  const withdrawal = ratio && Math.trunc(deposit / ratio)
  const price = withdrawal || 1
  const reserve = minRetriesPerSecond * Math.trunc(ttlMs / 1000) * price
  const keys = new KeyedState(() => leakyBucket(clock.now()), { clock })
  const add = (key: string, amount: number): number =>
    addToBucket(keys.get(key), amount, ttlMs, clock.now())
  return {
    onCall(key) {
      add(key, withdrawal && deposit)
    },
    tryTake(key) {
      const enough = add(key, 0) + reserve >= price
      if (enough) add(key, -price)
      return enough
    },
  }
}
