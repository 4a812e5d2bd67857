import { type Clock, systemClock } from '@evenkeel/core'

/**
 * A clock on which `factor` milliseconds pass in each real one. A policy that takes its time from it needs
 * no other change, and neither do headers that count in seconds, as long as the server's clock is this fast too.
 */
export function scaledClock(factor: number, clock: Clock = systemClock): Clock {
  const wallStartMs = clock.wallNow()
  const startMs = clock.now()
  return {
    now: () => clock.now() * factor,
    wallNow: () => wallStartMs + (clock.now() - startMs) * factor,
    scheduleAt: (atMs, callback) => clock.scheduleAt(atMs / factor, callback),
  }
}
