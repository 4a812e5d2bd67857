import type { Client } from './population.ts'
import type { Timeline } from './timeline.ts'

/** One thing a user wants: to read a channel, or to send a message there. */
export interface PlannedCall {
  readonly atMs: number
  readonly client: number
  readonly kind: 'read' | 'send'
}

export interface CallPlanOptions {
  readonly timeline: Timeline
  readonly clients: readonly Client[]
  /** Calls a second on a normal day, by all clients. */
  readonly basePerSecond: number
  /** The share of calls that read. */
  readonly readRatio: number
  readonly random: () => number
}

/**
 * Draws every call of a run: a Poisson process whose rate follows the timeline, by thinning (Lewis and
 * Shedler, 1979), each call by a user drawn by activity. It depends on the seed alone, so that every
 * world has the same users wanting the same things at the same instants.
 */
export function callPlan({
  timeline,
  clients,
  basePerSecond,
  readRatio,
  random,
}: CallPlanOptions): readonly PlannedCall[] {
  const bounds: number[] = []
  let total = 0
  for (const { activity } of clients) {
    total += activity
    bounds.push(total)
  }
  const calls: PlannedCall[] = []
  const peakPerMs = (basePerSecond * timeline.peakLoad) / 1_000
  for (let atMs = 0; ; ) {
    atMs -= Math.log(1 - random()) / peakPerMs
    if (atMs >= timeline.endMs) return calls
    if (random() * timeline.peakLoad >= timeline.loadAt(atMs)) continue
    const point = random() * total
    const client = bounds.findIndex((bound) => point < bound)
    calls.push({ atMs, client, kind: random() < readRatio ? 'read' : 'send' })
  }
}
