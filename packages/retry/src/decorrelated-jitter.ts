import { type Backoff, type BackoffOptions, checkRange } from './backoff.ts'

/**
 * Waits between `baseDelayMs` and three times the wait before: `U(base, min(max, 3 × previous))`.
 *
 * The published form (Brooker, "Exponential Backoff And Jitter", AWS 2015) draws first and caps after,
 * which sends ever more clients to exactly `maxDelayMs`; here the cap comes first.
 *
 * @throws `RangeError` for a bad option.
 */
export function decorrelatedJitter({
  baseDelayMs = 1000,
  maxDelayMs = 60_000,
}: BackoffOptions = {}): Backoff {
  checkRange(baseDelayMs, maxDelayMs)
  return ({ previousDelayMs = baseDelayMs, random }) =>
    baseDelayMs + random() * Math.max(0, Math.min(maxDelayMs, 3 * previousDelayMs) - baseDelayMs)
}
