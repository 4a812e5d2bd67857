import { checkNumber } from '@evenkeel/core'
import { checkAdaptive } from './check-adaptive.ts'
import type { AdaptiveLimitOptions, LimitFactory } from './concurrency-limit.ts'

/** What {@link aimd} can be told. */
export interface AimdOptions extends AdaptiveLimitOptions {
  /** What a failure leaves of the limit, from 0.5 to 1. @defaultValue 0.9, as Netflix's concurrency-limits */
  readonly decreaseRatio?: number | undefined
  /**
   * A call that takes longer counts as a failure; more for uploads, which are slow by nature.
   * @defaultValue 5000, as Netflix's
   */
  readonly slowMs?: number | undefined
}

/**
 * A limit that grows while calls succeed and shrinks when they do not (Chiu and Jain, 1989; RFC 5681 §3.1):
 * with limit `L` and `n` calls under way when one ends,
 *
 * - it failed, or took longer than `slowMs`: `L ← max(min, L · decreaseRatio)`
 * - it did not, and `2n ≥ L`: `L ← min(max, L + 1/L)`, one more a round trip
 * - else nothing: a limit that is not used says nothing of what the server can take.
 *
 * @throws `RangeError` for a bad option.
 */
export function aimd({
  initial = 10,
  min = 1,
  max = 100,
  decreaseRatio = 0.9,
  slowMs = 5000,
}: AimdOptions = {}): LimitFactory {
  checkAdaptive('aimd', initial, min, max)
  checkNumber('aimd', 'decreaseRatio', decreaseRatio, 0.5, 1)
  checkNumber('aimd', 'slowMs', slowMs, 1)
  return () => {
    const limit = {
      value: initial,
      ended(failed: boolean, durationMs: number, inFlight: number): void {
        const { value } = limit
        if (failed || durationMs > slowMs) limit.value = Math.max(min, value * decreaseRatio)
        else if (2 * inFlight >= value) limit.value = Math.min(max, value + 1 / value)
      },
    }
    return limit
  }
}
