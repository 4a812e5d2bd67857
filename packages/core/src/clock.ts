import { checkNumber } from './check.ts'
import { now, type TimeSource, wallNow } from './time-source.ts'

/** One wait on a clock. */
export interface Timer {
  /** Ends the wait without its callback; does nothing once that has run. */
  cancel(): void
}

/** Where a policy gets its time from. */
export interface Clock extends TimeSource {
  /** Calls back once, at the instant `atMs` of {@link Clock.now} or a little later. */
  scheduleAt(atMs: number, callback: () => void): Timer
}

/** Chance, from 0 up to but not 1. */
export type Random = () => number

/** `Math.random`, looked up when used. */
export const systemRandom: Random = () => Math.random()

/**
 * Whether a timer, as all that a request sets in motion, ends with that request: so it is in Cloudflare's Workers. No call may then
 * wait for a timer that another has set.
 */
export const timersEndWithRequest: boolean = /* @__PURE__ */ (() =>
  globalThis.navigator?.userAgent === 'Cloudflare-Workers')()

/** Nearly the longest delay a platform timer holds, 2³¹ − 1; a longer one fires at once. */
const longestTimerMs = 2e9

/** A timer of the platform that is never early, and as long as it must be. A Node process lives while one `holds` it. */
export function platformTimer(atMs: number, callback: () => void, holds: boolean): Timer {
  checkNumber('clock', 'atMs', atMs, -Infinity)
  let real: ReturnType<typeof setTimeout>
  function arm(): void {
    const delayMs = Math.max(0, Math.ceil(atMs - now()))
    real = setTimeout(fire, Math.min(delayMs, longestTimerMs))
    if (!holds) real.unref?.()
  }
  function fire(): void {
    if (now() < atMs) arm()
    else callback()
  }
  arm()
  return { cancel: () => clearTimeout(real) }
}

/** The platform's clock: `performance.now`, and a timer for each wait, which keeps a Node process alive. */
export const systemClock: Clock = {
  now,
  wallNow,
  scheduleAt: (atMs, callback) => platformTimer(atMs, callback, true),
}

/** The platform's clock for limits: like {@link systemClock}, but its waits keep no Node process alive. */
export const backgroundClock: Clock = {
  now,
  wallNow,
  scheduleAt: (atMs, callback) => platformTimer(atMs, callback, false),
}
