import { checkNumber, type Priority, systemTime, type TimeSource } from '@evenkeel/core'
import { priorities } from '../priorities.ts'
import type { FleetHint } from './admission.ts'
import { Arrivals } from './arrivals.ts'
import { maxTtlMs } from './fleet-hint-field.ts'

/** What {@link fleetController} can be told. */
export interface FleetControllerOptions {
  /** How many requests a second the service does at its best; a function for one that grows and shrinks. */
  readonly capacityPerSecond: number | (() => number)
  /**
   * The share of that to aim for. Of critical calls alone all of it is admitted, before any of them is shed.
   * @defaultValue 0.92: at 1.0 of a service that gets slower when crowded a tenth of it is lost, at 1.1 a quarter
   */
  readonly targetRatio?: number | undefined
  /** The least share to aim for while work piles up. @defaultValue 0.35: a queue drains only below what is served of it */
  readonly drainRatio?: number | undefined
  /** Between two levels. @defaultValue 1000; what clients learn is at most this old, plus a response */
  readonly periodMs?: number | undefined
  /** The weight of the newest period's demand. @defaultValue 0.3: of a service that does a hundred a second, one second tells little */
  readonly smoothing?: number | undefined
  /**
   * How old the level is that clients go by when their calls come, as by a document that a CDN keeps for so long; of calls
   * that don't say their level.
   * @defaultValue 0: they learn it from each response
   */
  readonly lagMs?: number | undefined
  /** How long clients may believe a level; they do for ten minutes at most. @defaultValue 30_000 */
  readonly ttlMs?: number | undefined
  /** @defaultValue `systemTime` */
  readonly clock?: TimeSource | undefined
}

/** Finds the level that keeps a service at its best, from the requests it sees. */
export interface FleetController {
  /**
   * Counts a first try that has come, and by which level it says it was sent (`Fleet-Level`). It is not believed to be lower than
   * any published lately: else a few requests could pass for many that were held back.
   */
  count(priority: Priority, level?: number): void
  /**
   * What to publish now. `behind`: how many requests are there that the service can't work on at its best, or whether there
   * are more than it does in a moment. A number is better: what it asks for less is then what makes them go within two
   * seconds, and not at once all that `drainRatio` says.
   */
  hint(behind: boolean | number): FleetHint
}

/** Within which time the controller makes go what waits: with 4 s a service that gets slower when crowded loses a third. */
const drainSeconds = 2

/** The level that admits `target` requests a second of what is demanded: the important first. */
export function levelFor(demand: Readonly<Record<Priority, number>>, target: number): number {
  let left = target
  let level = 0
  for (const priority of priorities) {
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
  smoothing = 0.3,
  lagMs = 0,
  ttlMs = 30_000,
  clock = systemTime,
}: FleetControllerOptions): FleetController {
  const capacity =
    typeof capacityPerSecond === 'function' ? capacityPerSecond : () => capacityPerSecond
  checkNumber('fleetController', 'capacityPerSecond', capacity(), 0)
  checkNumber('fleetController', 'targetRatio', targetRatio, 0, 1)
  checkNumber('fleetController', 'drainRatio', drainRatio, 0, 1)
  checkNumber('fleetController', 'periodMs', periodMs, 1)
  checkNumber('fleetController', 'smoothing', smoothing, 0, 1)
  checkNumber('fleetController', 'lagMs', lagMs, 0)
  const believedMs = Math.min(ttlMs, maxTtlMs)
  const demand = { critical: 0, important: 0, deferred: 0 }
  let arrivals = new Arrivals()
  let sinceMs = clock.now()
  let level = 3
  /** The levels that clients may still go by, the newest first. */
  let known = [{ level, atMs: -Infinity }]
  /** The one that is taken for that of a request which says none. */
  let presumed = 3
  let lowest = 3

  return {
    count(priority, said = NaN) {
      const sentBy = Number.isNaN(said) ? presumed : Math.min(Math.max(said, lowest), 3)
      arrivals.count(priority, sentBy)
    },
    hint(behind) {
      const elapsedMs = clock.now() - sinceMs
      if (elapsedMs >= periodMs) {
        for (const priority of priorities) {
          const wanted = arrivals.wanted(priority, presumed)
          // Of a priority that is not sent nothing is seen: it is taken to want what it wanted.
          if (wanted !== undefined)
            demand[priority] += smoothing * ((1000 * wanted) / elapsedMs - demand[priority])
        }
        const perSecond = capacity()
        const waiting = typeof behind === 'number' ? behind : behind ? Infinity : 0
        const aimAt = (ratio: number): number =>
          Math.max(ratio * perSecond - waiting / drainSeconds, drainRatio * perSecond)
        level = levelFor(demand, aimAt(targetRatio))
        // What a second's chance adds to them is no reason to shed the critical: that is what the rest is left free for.
        if (level < 1 && demand.critical <= aimAt(1)) level = 1
        arrivals = new Arrivals()
        sinceMs += elapsedMs
        known = known.filter(({ atMs }) => atMs >= sinceMs - lagMs - 2 * believedMs)
        known.unshift({ level, atMs: sinceMs })
        presumed = known.find(({ atMs }) => atMs <= sinceMs - lagMs)?.level ?? 3
        lowest = known.reduce((least, each) => Math.min(least, each.level), 3)
      }
      return { level, retryRatio: level < 3 ? 0 : 1, ttlMs: believedMs }
    },
  }
}
