import {
  type CallContext,
  type Clock,
  checkNumber,
  KeyedState,
  type Next,
  type Policy,
  type Random,
  systemRandom,
  timeoutClock,
} from '@evenkeel/core'
import type { RetryBudget } from './budget.ts'
import { costWeightedBudget } from './cost-weighted-budget.ts'
import type { HedgeEvent } from './events.ts'
import { latencies, latencyQuantileMs, observeLatency } from './latencies.ts'
import { race } from './race.ts'

/** What {@link hedge} can be told. */
export interface HedgeOptions {
  /** A fixed wait before another copy is sent. @defaultValue the observed `quantile` of the key */
  readonly delayMs?: number | undefined
  /**
   * The share of calls that answer before another copy is sent, from 0.5 to 0.999.
   * @defaultValue 0.95: about 5 % more load for most of the tail (Dean and Barroso, "The Tail at Scale", 2013)
   */
  readonly quantile?: number | undefined
  /** How many copies a call may send. @defaultValue 1 */
  readonly maxHedges?: number | undefined
  /**
   * What pays for copies, each as a retry after silence. Give the object that `retry` outside has:
   * retry then earns, and both spend. `false` for none.
   * @defaultValue a `costWeightedBudget()` of its own
   */
  readonly budget?: RetryBudget | false | undefined
  /** Gets the result of a copy that came too late, so that its body can be released. */
  readonly onDiscarded?: ((value: unknown) => void) | undefined
  /** Told of every further copy that is sent. */
  readonly onEvent?: ((event: HedgeEvent) => void) | undefined
  /** @defaultValue `timeoutClock` */
  readonly clock?: Clock | undefined
  /** @defaultValue `Math.random` */
  readonly random?: Random | undefined
}

/**
 * Sends another copy of a call that is slow to answer, takes the first success and aborts the rest.
 *
 * Only calls that may be applied twice, and only as far as the budget pays: a copy is a retry of work
 * the server may be at, and an overloaded server is slow to everybody. When all copies fail, the
 * caller gets the failure of the first.
 *
 * @throws `RangeError` for a bad option.
 */
export function hedge({
  delayMs,
  quantile = 0.95,
  maxHedges = 1,
  onDiscarded,
  onEvent,
  clock = timeoutClock,
  random = systemRandom,
  budget: given,
}: HedgeOptions = {}): Policy {
  if (delayMs !== undefined) checkNumber('hedge', 'delayMs', delayMs, 0)
  checkNumber('hedge', 'quantile', quantile, 0.5, 0.999)
  const whole = maxHedges % 1 ? -1 : Infinity
  checkNumber('hedge', 'maxHedges', maxHedges, 1, whole, 'a whole number ≥ 1 or Infinity')
  const budget = given ?? costWeightedBudget({ clock, random })
  const seen = delayMs === undefined ? new KeyedState(latencies, { clock }) : undefined
  return {
    name: 'hedge',
    execute<T>(next: Next<T>, context: CallContext): Promise<T> {
      const { key, idempotent } = context
      if (!idempotent) return next(context)
      const times = seen?.get(key)
      return race(next, context, {
        waitMs: times ? latencyQuantileMs(times, quantile) : delayMs,
        maxHedges,
        clock,
        onEvent,
        onDiscarded,
        pay: () => !budget || budget.tryTake(key, 'maybe'),
        onAnswered(elapsedMs) {
          if (!given && budget) budget.onSuccess?.(key, undefined)
          if (times) observeLatency(times, elapsedMs)
        },
      })
    },
  }
}
