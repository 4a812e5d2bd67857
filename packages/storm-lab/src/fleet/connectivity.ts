import type { OfflinePeriod, Region } from '../scenario/scenario.ts'
import { rankOf, ranks } from './rank.ts'

interface Failover {
  /** Where those are who have not moved yet. */
  readonly from: number
  readonly to: number
  readonly fromMs: number
  readonly overMs: number
}

/** Which region a client talks to, and whether it has a network at all. */
export class Connectivity {
  readonly #regions: readonly Region[]
  readonly #offline: readonly OfflinePeriod[]
  readonly #failovers: (Failover | undefined)[]

  constructor(regions: readonly Region[], offline: readonly OfflinePeriod[]) {
    this.#regions = regions
    this.#offline = offline
    this.#failovers = regions.map(() => undefined)
  }

  /** From `nowMs` on, the clients of a region go elsewhere, all of them when `overMs` have passed. */
  failOver(from: number, to: number, nowMs: number, overMs: number): void {
    const before = this.#failovers[from]?.to ?? from
    this.#failovers[from] = { from: before, to, fromMs: nowMs, overMs }
  }

  regionOf(client: number, nowMs: number): number {
    if (this.#regions.length === 1) return 0
    const home = this.#homeOf(client)
    const failover = this.#failovers[home]
    if (!failover) return home
    const moved = (nowMs - failover.fromMs) / failover.overMs
    return rankOf(client, ranks.failover) < moved ? failover.to : failover.from
  }

  isOffline(client: number, nowMs: number): boolean {
    // Asked twice for each attempt, and few scenarios have any.
    if (!this.#offline.length) return false
    return this.#offline.some(
      ({ ratio, fromMs, toMs, backOverMs = 1000 }, which) =>
        nowMs >= fromMs &&
        nowMs < toMs + backOverMs &&
        rankOf(client, ranks.offline + 16 * which) < ratio &&
        nowMs < toMs + backOverMs * rankOf(client, ranks.back + 16 * which),
    )
  }

  #homeOf(client: number): number {
    let rank = rankOf(client, ranks.region)
    const found = this.#regions.findIndex(({ ratio }) => {
      rank -= ratio
      return rank < 0
    })
    return found < 0 ? this.#regions.length - 1 : found
  }
}
