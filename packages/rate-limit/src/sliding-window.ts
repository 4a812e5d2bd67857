import { checkNumber } from '@evenkeel/core'
import type { LimitFactory } from './limit.ts'
import { type LimiterOptions, limiter } from './limiter.ts'
import { Window } from './window.ts'

/** What {@link slidingWindow} is told. */
export interface SlidingWindowOptions extends LimiterOptions {
  /** How many calls may start in a window. */
  readonly limit: number
  readonly windowMs: number
}

/**
 * Lets no more than `limit` calls of a key start in any `windowMs`, exactly.
 *
 * For a limit that the server counts, make the window a little longer than the server's: calls don't
 * take equally long to get there (discord-api-docs#5144).
 *
 * @throws `RATE_LIMITED` from a call that exceeds it, if told to refuse or if the wait is too long.
 */
export function slidingWindow({ limit, windowMs, ...options }: SlidingWindowOptions): LimitFactory {
  checkNumber(
    'slidingWindow',
    'limit',
    limit,
    1,
    Number.isInteger(limit) ? Infinity : 0,
    'a whole number ≥ 1',
  )
  checkNumber('slidingWindow', 'windowMs', windowMs, 1)
  return () => limiter(new Window(limit, windowMs), windowMs, options)
}
