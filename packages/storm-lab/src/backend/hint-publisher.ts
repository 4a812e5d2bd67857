import type { Kernel } from '../kernel/kernel.ts'
import { kneeConcurrency } from './scalability.ts'
import type { Station } from './station.ts'

/** How a server says which part of its clients' calls it can take; all of them hear of it at once, as by a push. */
export interface HintOptions {
  /** @defaultValue 10_000: at 30 s an overloaded server that slows down loses a fifth of its goodput, at 120 s two */
  readonly everyMs?: number | undefined
  /** The part of its capacity that it asks for. @defaultValue 0.92: closer to the edge, it falls over it */
  readonly targetRatio?: number | undefined
  /** The same while more is in service than it serves best. @defaultValue 0.35 */
  readonly drainRatio?: number | undefined
  /** How much the latest measurement counts. @defaultValue 0.6 */
  readonly smoothingRatio?: number | undefined
  /** How much later than published it is known. @defaultValue 0 */
  readonly staleMs?: number | undefined
  /** From when on nothing is published. @defaultValue `Infinity` */
  readonly lostFromMs?: number | undefined
  /** By which factor the server misjudges its capacity. @defaultValue 1 */
  readonly errorFactor?: number | undefined
}

/** The part of all calls that a level admits: each priority in turn, from the most important on. */
export function admittedRatio(level: number, shares: readonly number[]): number {
  return shares.reduce(
    (sum, share, rank) => sum + share * Math.min(1, Math.max(0, level - rank)),
    0,
  )
}

/** The level that admits this part of all calls. */
export function levelFor(ratio: number, shares: readonly number[]): number {
  let level = 0
  let left = ratio
  for (const share of shares) {
    if (share > 0) level += Math.min(1, left / share)
    else level++
    left -= share
    if (left <= 0) break
  }
  return Math.min(shares.length, level)
}

/** Where the level is measured, and to whom it goes. */
export interface HintWiring {
  readonly kernel: Kernel
  readonly service: Station
  /** Calls a second that the service can take. */
  readonly capacity: number
  /** The part of the calls of each priority, the most important first. */
  readonly shares: readonly number[]
  /** How many first attempts have come since the last time it was asked. */
  takeFirstAttempts(): number
  /** The level is known from now on. */
  publish(level: number): void
}

/** Publishes the level at which what comes is what can be served. */
export function publishHints(
  { kernel, service, capacity, shares, takeFirstAttempts, publish }: HintWiring,
  {
    everyMs = 10_000,
    targetRatio = 0.92,
    drainRatio = 0.35,
    smoothingRatio = 0.6,
    staleMs = 0,
    lostFromMs = Infinity,
    errorFactor = 1,
  }: HintOptions,
): void {
  let level = shares.length
  let demand = 0
  const deliver = kernel.on((thousandths) => publish(thousandths / 10_000))
  const measure = kernel.on(() => {
    const { nowMs } = kernel
    if (nowMs >= lostFromMs) return
    const perSecond = (1000 * takeFirstAttempts()) / everyMs
    const asked = perSecond / Math.max(0.01, admittedRatio(level, shares))
    demand = demand ? demand + smoothingRatio * (asked - demand) : asked
    const isCrowded = service.busy > kneeConcurrency(service.options) * service.parts
    const wanted = (isCrowded ? drainRatio : targetRatio) * errorFactor * capacity * service.size
    level = levelFor(Math.min(1, wanted / Math.max(demand, 1e-9)), shares)
    kernel.at(nowMs + staleMs, deliver, Math.round(level * 10_000))
    kernel.at(nowMs + everyMs, measure, 0)
  })
  kernel.at(everyMs, measure, 0)
}
