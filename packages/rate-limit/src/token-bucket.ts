import { checkNumber } from '@evenkeel/core'
import type { LimitFactory } from './limit.ts'
import { type LimiterOptions, limiter } from './limiter.ts'

/** What {@link tokenBucket} is told. */
export interface TokenBucketOptions extends LimiterOptions {
  /** How many calls may start at once after a pause. */
  readonly capacity: number
  readonly refillPerSecond: number
}

/**
 * Lets a burst of `capacity` calls of a key start, and `refillPerSecond` in the long run.
 *
 * Keeps one instant, that at which the bucket will be full: GCRA, the token bucket of ITU-T I.371.
 *
 * @throws `RATE_LIMITED` from a call that exceeds it, if told to refuse or if the wait is too long.
 */
export function tokenBucket({
  capacity,
  refillPerSecond,
  ...options
}: TokenBucketOptions): LimitFactory {
  checkNumber('tokenBucket', 'capacity', capacity, 1)
  checkNumber('tokenBucket', 'refillPerSecond', refillPerSecond, Number.MIN_VALUE, Infinity, '> 0')
  const everyMs = 1000 / refillPerSecond
  return () => {
    let fullAtMs = -Infinity
    const counter = {
      startAtMs: (ahead: number) => fullAtMs + (ahead + 1 - capacity) * everyMs,
      start: (nowMs: number) => {
        fullAtMs = Math.max(fullAtMs, nowMs) + everyMs
      },
    }
    return limiter(counter, capacity * everyMs, options)
  }
}
