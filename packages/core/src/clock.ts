import { type Timer, TimerQueue } from './timer-queue.ts'

/** Where a policy gets its time from. */
export interface Clock {
  /** Monotonic milliseconds; the origin means nothing. */
  now(): number
  /** Milliseconds since 1970, only to read or show a date: people and NTP move it. */
  wallNow(): number
  /** Calls back once, `delayMs` from now or a little later. */
  schedule(delayMs: number, callback: () => void): Timer
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

function arm(nextAtMs: number, nowMs: number): void {
  clearTimeout(real as never)
  realAtMs = nextAtMs
  real = undefined
  if (nextAtMs < Infinity)
    real = setTimeout(fire, Math.min(Math.ceil(nextAtMs - nowMs), longestTimerMs)) as RealTimer
}

function fire(): void {
  const timers = queue as TimerQueue
  const nowMs = now()
  for (let due = timers.take(nowMs); due; due = timers.take(nowMs)) due()
  arm(timers.nextAtMs, now())
}

/** Keeps a Node process alive while, and only while, something waits. */
function hold(): void {
  if (queue?.size) real?.ref?.()
  else real?.unref?.()
}

/** The platform's clock: `performance.now`, and one timer for every wait of the process. */
export const systemClock: Clock = {
  now,
  wallNow: () => Date.now(),
  schedule(delayMs, callback) {
    queue ??= new TimerQueue(hold)
    const nowMs = now()
    const atMs = nowMs + delayMs
    const timer = queue.add(atMs, callback)
    if (atMs < realAtMs) arm(atMs, nowMs)
    return timer
  },
}
