import { checkNumber } from '@evenkeel/core'
import type { LimitFactory } from './limit.ts'

/** What {@link adaptiveThrottle} can be told. */
export interface AdaptiveThrottleOptions {
  /** How many requests to send for each that is accepted. @defaultValue 2, the book's */
  readonly k?: number | undefined
  /** @defaultValue 120_000, the book's */
  readonly windowMs?: number | undefined
  /**
   * Whether a call that is turned away counts as a request, as in the book.
   * @defaultValue `false`: at low rates it turns calls away for ten minutes after the server is well again
   */
  readonly countRefused?: boolean | undefined
}

const slices = 10

/**
 * Turns calls away in the measure in which the server does: with probability
 * `max(0, (requests − k · accepts) / (requests + 1))`, over a window of two minutes
 * (Beyer et al., "Site Reliability Engineering", ch. 21, client-side throttling).
 *
 * Critical calls are never turned away: counted with the others they would lose first.
 *
 * @throws `THROTTLED` from a call that is turned away.
 */
export function adaptiveThrottle({
  k = 2,
  windowMs = 120_000,
  countRefused = false,
}: AdaptiveThrottleOptions = {}): LimitFactory {
  checkNumber('adaptiveThrottle', 'k', k, 1)
  checkNumber('adaptiveThrottle', 'windowMs', windowMs, 1)
  return (_key, random) => {
    const requests = new Array<number>(slices).fill(0)
    const accepts = new Array<number>(slices).fill(0)
    const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b)
    let slice = 0

    /** The place to count in; what is older than the window is forgotten. */
    function turn(nowMs: number): number {
      const current = Math.floor((nowMs * slices) / windowMs)
      for (slice = Math.max(slice, current - slices); slice < current; ) {
        const place = ++slice % slices
        requests[place] = accepts[place] = 0
      }
      return current % slices
    }

    return {
      code: 'THROTTLED',
      startAtMs: () => -Infinity,
      turnAway({ priority }, nowMs) {
        const place = turn(nowMs)
        const sent = sum(requests)
        const chance = (sent - k * sum(accepts)) / (sent + 1)
        if (priority === 'critical' || chance <= 0 || random() >= chance) return undefined
        if (countRefused) (requests[place] as number)++
        return Infinity
      },
      ended(_call, outcome, nowMs) {
        const place = turn(nowMs)
        if (outcome === 'unsent' || outcome === 'unknown') return
        ;(requests[place] as number)++
        if (outcome === 'accepted') (accepts[place] as number)++
      },
      isNeeded(nowMs) {
        turn(nowMs)
        return sum(requests) > 0
      },
    }
  }
}
