import { checkNumber } from '@evenkeel/core'
import { checkAdaptive } from './check-adaptive.ts'
import type { AdaptiveLimitOptions, LimitFactory } from './concurrency-limit.ts'

/** What {@link gradient} can be told. */
export interface GradientOptions extends AdaptiveLimitOptions {
  /** How much slower than usual calls may be before the limit shrinks. @defaultValue 1.5, as Netflix's */
  readonly tolerance?: number | undefined
  /** How many calls may queue at the server: what the limit grows by. @defaultValue 4, as Netflix's */
  readonly queueSize?: number | undefined
  /** What a failure leaves of the limit, from 0.5 to 1. @defaultValue 0.9, as `aimd()` */
  readonly decreaseRatio?: number | undefined
}

/** The weight of a new limit against the one before it, Netflix's. */
const smoothing = 0.2
/** Over so many windows the usual time is averaged, Netflix's. */
const longWindow = 600
/** The least calls in a window, Netflix's. */
const leastCalls = 10

/**
 * A limit that shrinks when calls take longer than usual, before any fails (Netflix's concurrency-limits,
 * Gradient2). Once a window, `max(10, L)` calls that did not fail,
 *
 * - `short` is the mean time of those calls; `long ← long + (short − long) / min(windows, 600)`, and when
 *   that is over `2 · short`, `long ← 0.95 · long`: a server is well again
 * - `g = min(1, max(½, tolerance · long / short))`
 * - `L ← 0.8 · L + 0.2 · (g · L + queueSize)`, from `min` to `max`, unless fewer than `L/2` calls were under
 *   way at all times: a limit that is not used says nothing of what the server can take.
 *
 * A failure, whose time says nothing, is `L ← max(min, L · decreaseRatio)` at once.
 *
 * @throws `RangeError` for a bad option.
 */
export function gradient({
  initial = 10,
  min = 1,
  max = 100,
  tolerance = 1.5,
  queueSize = 4,
  decreaseRatio = 0.9,
}: GradientOptions = {}): LimitFactory {
  checkAdaptive('gradient', initial, min, max)
  checkNumber('gradient', 'tolerance', tolerance, 1)
  checkNumber('gradient', 'queueSize', queueSize, 0)
  checkNumber('gradient', 'decreaseRatio', decreaseRatio, 0.5, 1)
  return () => {
    let windows = 0
    let longMs = 0
    let calls = 0
    let totalMs = 0
    let mostInFlight = 0

    function close(shortMs: number): void {
      windows = Math.min(windows + 1, longWindow)
      longMs += (shortMs - longMs) / windows
      if (longMs > 2 * shortMs) longMs *= 0.95
      if (2 * mostInFlight < limit.value) return
      const slope = Math.min(1, Math.max(0.5, (tolerance * longMs) / shortMs))
      const next = slope * limit.value + queueSize
      limit.value += smoothing * (next - limit.value)
      limit.value = Math.min(max, Math.max(min, limit.value))
    }

    const limit = {
      value: initial,
      ended(failed: boolean, durationMs: number, inFlight: number): void {
        if (failed) {
          limit.value = Math.max(min, limit.value * decreaseRatio)
          return
        }
        totalMs += durationMs
        mostInFlight = Math.max(mostInFlight, inFlight)
        if (++calls < Math.max(leastCalls, limit.value)) return
        // An instant answer must not divide by nothing.
        close(Math.max(1, totalMs / calls))
        calls = totalMs = mostInFlight = 0
      },
    }
    return limit
  }
}
