import { type Backoff, type BackoffOptions, ceilingMs, checkRange } from './backoff.ts'

/**
 * Waits at least half of a ceiling that doubles, and jitters the other half (Brooker, "Exponential
 * Backoff And Jitter", AWS 2015).
 *
 * @throws `RangeError` for a bad option.
 */
export function equalJitter({
  baseDelayMs = 1000,
  maxDelayMs = 60_000,
}: BackoffOptions = {}): Backoff {
  checkRange(baseDelayMs, maxDelayMs)
  return ({ retry, random }) => (ceilingMs(retry, baseDelayMs, maxDelayMs) / 2) * (1 + random())
}
