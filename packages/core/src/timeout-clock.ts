import { type Clock, platformTimer, type Timer, timersEndWithRequest } from './clock.ts'
import { now, wallNow } from './time-source.ts'
import { type TimerQueue, timerQueue } from './timer-queue.ts'

let queue: TimerQueue | undefined
let real: Timer | undefined
let realAtMs = Infinity
let madeWith: unknown

/** Sets the one real timer to the earliest wait. */
function arm({ nextAtMs }: TimerQueue): void {
  real?.cancel()
  realAtMs = nextAtMs
  madeWith = setTimeout
  if (nextAtMs < Infinity) real = platformTimer(nextAtMs, fire, false)
}

function fire(): void {
  const nowMs = now()
  try {
    for (let due = queue?.take(nowMs); due; due = queue?.take(nowMs)) due()
  } finally {
    arm(queue as TimerQueue)
  }
}

/**
 * The platform's clock for limits, nearly all of which are cancelled: one timer for all of them, since a
 * timer of the platform's costs a call more than a pipeline does. It keeps no Node process alive, as what is limited does that.
 */
export const timeoutClock: Clock = {
  now,
  wallNow,
  scheduleAt(atMs, callback) {
    if (timersEndWithRequest) return platformTimer(atMs, callback, false)
    queue ??= timerQueue()
    const timer = queue.add(atMs, callback)
    // A test that has put fake timers in place, or taken them away, took the real one with it.
    if (atMs < realAtMs || madeWith !== setTimeout) arm(queue)
    return timer
  },
}
