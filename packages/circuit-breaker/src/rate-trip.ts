import { checkNumber } from '@evenkeel/core'
import type { Trip } from './trip.ts'

/** How finely a time window slides: a failure leaves it after nine to ten tenths of `windowMs`. */
const slotsOfTime = 10

/** The part of the calls in a window that opens the circuit. */
export type RateOptions = {
  /** From 0 to 1. @defaultValue 0.8 of what failed, 0.5 of what was slow */
  readonly ratio?: number | undefined
  /**
   * How many calls the window must hold before its ratio says anything.
   * @defaultValue 10, or `windowCalls` if that is less: with 1, as in opossum, the first failure opens
   */
  readonly minCalls?: number | undefined
} & (
  | {
      /** How long a call is remembered. @defaultValue 30_000, as in Polly */
      readonly windowMs?: number | undefined
      readonly windowCalls?: undefined
    }
  | {
      /** Remembers the last so many calls instead, however old. */
      readonly windowCalls: number
      readonly windowMs?: undefined
    }
)

/** The trip over the part of calls in a sliding window for which `isBad`. */
export function rateTrip(
  reason: string,
  isBad: (failed: boolean, durationMs: number) => boolean,
  slowMs: number,
  usualRatio: number,
  {
    ratio = usualRatio,
    windowMs = 30_000,
    windowCalls,
    minCalls = Math.min(10, windowCalls ?? 10),
  }: RateOptions,
): Trip {
  const slots = Math.ceil(windowCalls ?? slotsOfTime)
  checkNumber(reason, 'ratio', ratio, 0, 1)
  checkNumber(reason, 'windowMs', windowMs, 1)
  checkNumber(reason, 'windowCalls', slots, 1, 1e6)
  checkNumber(reason, 'minCalls', minCalls, 1, windowCalls)
  return {
    timed: !windowCalls || slowMs < Infinity,
    slowMs,
    create() {
      // A ring of slots, each a number of calls and how many of them were bad; a count window has a slot a call.
      const ring = new (windowCalls ? Uint8Array : Uint32Array)(2 * slots)
      const slotMs = windowMs / slots
      let calls = 0
      let badCalls = 0
      let lastTick = 0
      return {
        record(failed, durationMs, nowMs) {
          const tick = windowCalls ? lastTick + 1 : Math.floor(nowMs / slotMs)
          // Empties the slots whose calls have left the window: one a call, or as many as time has passed.
          if (tick > lastTick) {
            for (let each = Math.max(lastTick, tick - slots); each++ < tick; ) {
              const at = (each % slots) * 2
              calls -= ring[at] as number
              badCalls -= ring[at + 1] as number
              ring[at] = ring[at + 1] = 0
            }
            lastTick = tick
          }
          const at = (lastTick % slots) * 2
          calls++
          ;(ring[at] as number)++
          if (!isBad(failed, durationMs)) return undefined
          badCalls++
          ;(ring[at + 1] as number)++
          return calls >= minCalls && badCalls / calls >= ratio ? reason : undefined
        },
      }
    },
  }
}
