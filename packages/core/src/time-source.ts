/** Tells the time. */
export interface TimeSource {
  /** Monotonic milliseconds; the origin means nothing. */
  now(): number
  /** Milliseconds since 1970, only to read or show a date: people and NTP move it. */
  wallNow(): number
}

export const now = (): number => performance.now()

export const wallNow = (): number => Date.now()

/** The platform's time: what needs no wait takes this, and leaves the timers out of a bundle. */
export const systemTime: TimeSource = { now, wallNow }
