import { type Backoff, type BackoffOptions, ceilingMs, checkRange } from './backoff.ts'

/**
 * Waits anywhere below a ceiling that doubles: `U(base / 20, min(max, base × 2^(retry − 1)))`.
 *
 * Of the jittered backoffs it costs a contended server the fewest calls (Brooker, "Exponential
 * Backoff And Jitter", AWS 2015). Its floor, a twentieth of `baseDelayMs`, is the one departure: a
 * retry in the same millisecond meets the same fault, and the floor is part of the range so that no
 * two clients are sent to it together.
 *
 * @throws `RangeError` for a bad option.
 */
export function fullJitter({
  baseDelayMs = 1000,
  maxDelayMs = 60_000,
}: BackoffOptions = {}): Backoff {
  checkRange(baseDelayMs, maxDelayMs)
  const floorMs = baseDelayMs / 20
  return ({ retry, random }) =>
    floorMs + random() * (ceilingMs(retry, baseDelayMs, maxDelayMs) - floorMs)
}
