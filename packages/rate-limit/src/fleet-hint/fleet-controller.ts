import { checkNumber, type Priority, systemTime, type TimeSource } from '@evenkeel/core'
import { admittedRatio, type FleetHint } from './admission.ts'

/** What {@link fleetController} can be told. */
export interface FleetControllerOptions {
  /** How many requests a second the service does at its best. */
  readonly capacityPerSecond: number
  /**
   * The share of that to aim for.
   * @defaultValue 0.92: at 1.0 of a service that gets slower when crowded a tenth of it is lost, at 1.1 a quarter
   */
  readonly targetRatio?: number | undefined
  /** The share to aim for while work piles up. @defaultValue 0.35: a queue drains only below what is served of it */
  readonly drainRatio?: number | undefined
  /** Between two levels. @defaultValue 1000; what clients learn is at most this old, plus a response */
  readonly periodMs?: number | undefined
  /** The weight of the newest period's demand. @defaultValue 0.6 */
  readonly smoothing?: number | undefined
  /** How long clients may believe a level. @defaultValue 30_000 */
  readonly ttlMs?: number | undefined
  /** @defaultValue `systemTime` */
  readonly clock?: TimeSource | undefined
}

/** Finds the level that keeps a service at its best, from the requests it sees. */
export interface FleetController {
  /** Counts a first try that has come. */
  count(priority: Priority): void
  /** What to publish now. `isBehind`: more waits than the service does in a moment. */
  hint(isBehind: boolean): FleetHint
}

const order: readonly Priority[] = ['critical', 'important', 'deferred']

/** The level that admits `target` requests a second of what is demanded: the important first. */
export function levelFor(demand: Readonly<Record<Priority, number>>, target: number): number {
  let left = target
  let level = 0
  for (const priority of order) {
    const wanted = demand[priority]
    const ratio = wanted > left ? left / wanted : 1
    level += ratio
    if (ratio < 1) break
    left -= wanted
  }
  return level
}

/**
 * Turns what a server sees into the level that it publishes: what clients would send if all were admitted is what
 * they do send, divided by the share that was admitted; the next level admits as much of it as can be served.
 *
 * It needs no client's cooperation to be right on average, but all must obey it: those who do not take the place of
 * those who do, so enforce it for them too.
 *
 * @throws `RangeError` for a bad option
 */
export function fleetController({
  capacityPerSecond,
  targetRatio = 0.92,
  drainRatio = 0.35,
  periodMs = 1000,
  smoothing = 0.6,
  ttlMs = 30_000,
  clock = systemTime,
}: FleetControllerOptions): FleetController {
  checkNumber('fleetController', 'capacityPerSecond', capacityPerSecond, 0)
  checkNumber('fleetController', 'targetRatio', targetRatio, 0, 1)
  checkNumber('fleetController', 'drainRatio', drainRatio, 0, 1)
  checkNumber('fleetController', 'periodMs', periodMs, 1)
  checkNumber('fleetController', 'smoothing', smoothing, 0, 1)
  const none = (): Record<Priority, number> => ({ critical: 0, important: 0, deferred: 0 })
  const demand = none()
  let counts = none()
  let sinceMs = clock.now()
  let level = 3

  return {
    count(priority) {
      counts[priority]++
    },
    hint(isBehind) {
      const elapsedMs = clock.now() - sinceMs
      if (elapsedMs >= periodMs) {
        for (const priority of order) {
          const ratio = admittedRatio(level, priority)
          // Of a priority that is not admitted nothing is seen: it is taken to want what it wanted.
          if (ratio < 0.01) continue
          const wanted = (1000 * counts[priority]) / elapsedMs / ratio
          demand[priority] += smoothing * (wanted - demand[priority])
        }
        level = levelFor(demand, (isBehind ? drainRatio : targetRatio) * capacityPerSecond)
        counts = none()
        sinceMs += elapsedMs
      }
      return { level, retryRatio: level < 3 ? 0 : 1, ttlMs }
    },
  }
}
