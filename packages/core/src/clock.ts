import { type Timer, TimerQueue } from './timer-queue.ts'

/** Where a policy gets its time from. */
export interface Clock {
  /** Monotonic milliseconds; the origin means nothing. */
  now(): number
  /** Milliseconds since 1970, only to read or show a date: people and NTP move it. */
  wallNow(): number
  /** Calls back once, at the instant `atMs` of {@link Clock.now} or a little later. */
  scheduleAt(atMs: number, callback: () => void): Timer
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

const now = (): number => performance.now()

/** Sets the one real timer to the earliest wait. */
function arm(): void {
  clearTimeout(real as never)
  realAtMs = (queue as TimerQueue).nextAtMs
  if (realAtMs < Infinity)
    real = setTimeout(fire, Math.min(Math.ceil(realAtMs - now()), longestTimerMs)) as RealTimer
}

function fire(): void {
  const nowMs = now()
  try {
    for (let due = queue?.take(nowMs); due; due = queue?.take(nowMs)) due()
  } finally {
    arm()
  }
}

/** Keeps a Node process alive while something waits, and only then. */
function hold(isWaiting: boolean): void {
  if (isWaiting) real?.ref?.()
  else real?.unref?.()
}

/** The platform's clock: `performance.now`, and one timer for all that waits in the process. */
export const systemClock: Clock = {
  now,
  wallNow: () => Date.now(),
  scheduleAt(atMs, callback) {
    queue ??= new TimerQueue(hold)
    const timer = queue.add(atMs, callback)
    if (atMs < realAtMs) arm()
    return timer
  },
}
