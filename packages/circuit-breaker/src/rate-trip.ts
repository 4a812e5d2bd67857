import { checkNumber } from '@evenkeel/core'
import type { Trip } from './trip.ts'

/** How finely a time window slides: a failure leaves it after nine to ten tenths of `windowMs`. */
const slotsOfTime = 10

/**
 * So many calls are many: while a time window holds them, the clock is looked at once for each sixty-fourth of them, or for 64
 * if that is less, and other successes count as of the last look. So few may leave the window too soon, if a pause comes after them.
 */
const manyCalls = 256

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
 * It remembers the latest tick, then how many calls all slots hold and how many of them were bad, then the same of
 * each slot: a ring of tenths of a time window, or of single calls.
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
  const slotOf = (at: number, tick: number): number => at + 3 + 2 * (tick % slots)
  return {
    slowMs,
    size: 3 + 2 * slots,
    isTimed(memory, at) {
      const calls = memory[at + 1] as number
      return slowMs < Infinity || (!windowCalls && (calls < manyCalls || !(calls % (calls >> 6))))
    },
    record(memory, at, failed, durationMs, nowMs) {
      const lastTick = memory[at] as number
      const tick = windowCalls ? lastTick + 1 : Math.max(lastTick, Math.floor(nowMs / slotMs))
      // Empties the slots whose calls have left the window: one a call, or as many as time has passed.
      for (let each = Math.max(lastTick, tick - slots); each++ < tick; ) {
        const slot = slotOf(at, each)
        ;(memory[at + 1] as number) -= memory[slot] as number
        ;(memory[at + 2] as number) -= memory[slot + 1] as number
        memory[slot] = memory[slot + 1] = 0
      }
      const slot = slotOf(at, tick)
      memory[at] = tick
      ;(memory[slot] as number)++
      ;(memory[at + 1] as number)++
      if (!isBad(failed, durationMs)) return undefined
      ;(memory[slot + 1] as number)++
      ;(memory[at + 2] as number)++
      const [calls, badCalls] = [memory[at + 1] as number, memory[at + 2] as number]
      return calls >= minCalls && badCalls / calls >= ratio ? reason : undefined
    },
  }
}
