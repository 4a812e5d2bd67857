import type { Priority } from '@evenkeel/core'
import type { FleetHint } from '@evenkeel/rate-limit/fleet-hint'
import { fleetController } from '@evenkeel/rate-limit/fleet-hint-server'
import type { Kernel } from '../kernel/kernel.ts'
import { kneeConcurrency } from './scalability.ts'
import type { Station } from './station.ts'

/**
 * How a server says which part of its clients' calls it can take: by `fleetController` of @evenkeel/rate-limit, whose
 * defaults hold here too. All clients hear of it at once, as by a push.
 */
export interface HintOptions {
  /** Between two levels. @defaultValue 1000 */
  readonly everyMs?: number | undefined
  /** The part of its capacity that it asks for. @defaultValue 0.92 */
  readonly targetRatio?: number | undefined
  /** The same while work piles up. @defaultValue 0.35 */
  readonly drainRatio?: number | undefined
  /** How much the latest measurement counts. @defaultValue 0.3 */
  readonly smoothingRatio?: number | undefined
  /** How much later than published it is known. @defaultValue 0 */
  readonly staleMs?: number | undefined
  /** How much later the server takes it to be known. @defaultValue 0 */
  readonly lagMs?: number | undefined
  /** Whether requests of those who heed it say the level they were sent by, as they do outside of pages. @defaultValue `true` */
  readonly isSaid?: boolean | undefined
  /** From when on nothing is published. @defaultValue `Infinity` */
  readonly lostFromMs?: number | undefined
  /** By which factor the server misjudges its capacity. @defaultValue 1 */
  readonly errorFactor?: number | undefined
}

/** Where the level is measured, and to whom it goes. */
export interface HintWiring {
  readonly kernel: Kernel
  readonly service: Station
  /** Calls a second that the service can take at its full size. */
  readonly capacity: number
  /** The hint is known from now on. */
  publish(hint: FleetHint): void
}

/** How many more are at a service than it serves best: in service beyond the knee, or waiting. */
function behind({ busy, queued, parts, options }: Station): number {
  const best = Math.min(kneeConcurrency(options), options.workers) * parts
  return Math.max(0, busy + queued - best)
}

/** Publishes the level at which what comes is what can be served; returns what counts each first try that comes, by the level it says. */
export function publishHints(
  { kernel, service, capacity, publish }: HintWiring,
  {
    everyMs = 1000,
    targetRatio,
    drainRatio,
    smoothingRatio,
    staleMs = 0,
    lagMs,
    isSaid = true,
    lostFromMs = Infinity,
    errorFactor = 1,
  }: HintOptions,
): (priority: Priority, level: number | undefined) => void {
  const now = (): number => kernel.nowMs
  const controller = fleetController({
    capacityPerSecond: () => errorFactor * capacity * service.size,
    targetRatio,
    drainRatio,
    periodMs: everyMs,
    lagMs,
    smoothing: smoothingRatio,
    clock: { now, wallNow: now },
  })
  const underWay: FleetHint[] = []
  const deliver = kernel.on(() => publish(underWay.shift() as FleetHint))
  const measure = kernel.on(() => {
    const { nowMs } = kernel
    if (nowMs >= lostFromMs) return
    underWay.push(controller.hint(behind(service)))
    kernel.at(nowMs + staleMs, deliver, 0)
    kernel.at(nowMs + everyMs, measure, 0)
  })
  kernel.at(everyMs, measure, 0)
  return (priority, level) => controller.count(priority, isSaid ? level : undefined)
}
