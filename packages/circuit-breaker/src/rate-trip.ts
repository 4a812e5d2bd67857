import { checkNumber } from '@evenkeel/core'
import type { Trip } from './trip.ts'

/** How finely a time window slides: a failure leaves it after nine to ten tenths of `windowMs`. */
const slotsOfTime = 10

/** A call, in a number that counts both calls and, in its lower half, how many of them were bad. */
const oneCall = 2 ** 26

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

/**
 * The trip over the part of calls in a sliding window for which `isBad`.
 *
 * It remembers the latest tick, the total of all slots, and the slots: a ring of tenths of a time window,
 * or of single calls.
 */
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
  const slotMs = windowMs / slots
  return {
    timed: !windowCalls || slowMs < Infinity,
    slowMs,
    size: 2 + slots,
    record(memory, at, failed, durationMs, nowMs) {
      const lastTick = memory[at] as number
      const tick = windowCalls ? lastTick + 1 : Math.max(lastTick, Math.floor(nowMs / slotMs))
      const slotOf = (each: number): number => at + 2 + (each % slots)
      let total = memory[at + 1] as number
      // Empties the slots whose calls have left the window: one a call, or as many as time has passed.
      for (let each = Math.max(lastTick, tick - slots); each++ < tick; ) {
        total -= memory[slotOf(each)] as number
        memory[slotOf(each)] = 0
      }
      const counted = isBad(failed, durationMs) ? oneCall + 1 : oneCall
      total += counted
      memory[at] = tick
      memory[at + 1] = total
      memory[slotOf(tick)] = (memory[slotOf(tick)] as number) + counted
      const badCalls = total % oneCall
      const calls = (total - badCalls) / oneCall
      return counted > oneCall && calls >= minCalls && badCalls / calls >= ratio
        ? reason
        : undefined
    },
  }
}
