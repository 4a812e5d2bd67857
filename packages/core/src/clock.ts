import { now, type TimeSource, wallNow } from './time-source.ts'
import { type Timer, TimerQueue } from './timer-queue.ts'

/** Where a policy gets its time from. */
export interface Clock extends TimeSource {
  /**
   * Calls back once, at the instant `atMs` of {@link Clock.now} or a little later. A wait that `holds`
   * keeps a Node process alive. @defaultValue `true`
   */
  scheduleAt(atMs: number, callback: () => void, holds?: boolean): Timer
}

/** Chance, from 0 up to but not 1. */
export type Random = () => number

/** `Math.random`, looked up when used. */
export const systemRandom: Random = () => Math.random()

/** The longest delay a platform timer holds; a longer one fires at once. */
const longestTimerMs = 2 ** 31 - 1

/** Serves any number of waits with one timer of the platform. */
function realTimer(holds: boolean): Clock['scheduleAt'] {
  let real: ReturnType<typeof setTimeout> | undefined
  let realAtMs = Infinity
  let madeWith: unknown
  // In Node, a timer keeps the process alive, whether or not anything waits for it any more.
  const queue = new TimerQueue(holds ? arm : undefined)

  /** Sets the timer to the earliest wait. */
  function arm(): void {
    clearTimeout(real)
    realAtMs = queue.nextAtMs
    madeWith = setTimeout
    if (realAtMs < Infinity) {
      const delayMs = Math.max(0, Math.ceil(realAtMs - now()))
      real = setTimeout(fire, Math.min(delayMs, longestTimerMs))
      if (!holds) real.unref?.()
    }
  }

  function fire(): void {
    const nowMs = now()
    try {
      for (let due = queue.take(nowMs); due; due = queue.take(nowMs)) due()
    } finally {
      arm()
    }
  }

  return (atMs, callback) => {
    const timer = queue.add(atMs, callback)
    // A test that has put fake timers in place, or taken them away, took the real one with it.
    if (atMs < realAtMs || madeWith !== setTimeout) arm()
    return timer
  }
}

let holding: Clock['scheduleAt'] | undefined
let idle: Clock['scheduleAt'] | undefined

/** The platform's clock: `performance.now`, one timer for all waits that hold a Node process, and one for the rest. */
export const systemClock: Clock = {
  now,
  wallNow,
  scheduleAt(atMs, callback, holds = true) {
    if (!holds) {
      idle ??= realTimer(false)
      return idle(atMs, callback)
    }
    holding ??= realTimer(true)
    return holding(atMs, callback)
  },
}
