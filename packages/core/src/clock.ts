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

interface RealTimer {
  ref?(): unknown
  unref?(): unknown
}

let queue: TimerQueue | undefined
let real: RealTimer | undefined
let realAtMs = Infinity
let madeWith: unknown

/** Sets the one real timer to the earliest wait. */
function arm(): void {
  clearTimeout(real as never)
  realAtMs = (queue as TimerQueue).nextAtMs
  madeWith = setTimeout
  if (realAtMs < Infinity) {
    const delayMs = Math.max(0, Math.ceil(realAtMs - now()))
    real = setTimeout(fire, Math.min(delayMs, longestTimerMs)) as RealTimer
    if (!queue?.isHolding) real.unref?.()
  }
}

function fire(): void {
  const nowMs = now()
  try {
    for (let due = queue?.take(nowMs); due; due = queue?.take(nowMs)) due()
  } finally {
    arm()
  }
}

/** The platform's clock: `performance.now`, and one timer for all that waits in the process. */
export const systemClock: Clock = {
  now,
  wallNow,
  scheduleAt(atMs, callback, holds = true) {
    // In Node, that one timer keeps the process alive while a wait holds it, and only then.
    queue ??= new TimerQueue(() => real?.unref?.())
    const timer = queue.add(atMs, callback, holds)
    // A test that has put fake timers in place, or taken them away, took the real one with it.
    if (atMs < realAtMs || madeWith !== setTimeout) arm()
    else if (holds) real?.ref?.()
    return timer
  },
}
