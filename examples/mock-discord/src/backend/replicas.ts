import { Pool } from './pool.ts'
import type { PoolOptions } from './pool-options.ts'
import type { PoolObserver, PoolStatus } from './pool-status.ts'
import type { ReplicaOptions } from './replica-options.ts'
import type { Scheduler } from './scheduler.ts'
import type { Random } from './seeded-random.ts'

/** Writers remembered, so that each reads its own writes. */
const maxWriters = 10_000

export interface ReplicasStatus {
  readonly lagMs: number
  /** Whether the lag is within what reads may see. */
  readonly inService: boolean
  /** Reads that had to go to the primary: of recent writers, or because of the lag. */
  readonly sentToPrimary: number
  readonly pools: readonly PoolStatus[]
}

/**
 * Routes reads to the least busy replica. A client that has written within the lag reads from the primary, so
 * it sees its own write. The lag is a fluid queue: writes come in, `replayPerSecond` go out.
 */
export class Replicas {
  readonly #scheduler: Scheduler
  readonly #random: Random
  readonly #observer: PoolObserver | undefined
  readonly #pools: Pool[] = []
  /** Client to the time of its last write, oldest first. */
  readonly #writers = new Map<string, number>()
  #options: ReplicaOptions
  #poolOptions: PoolOptions
  #unreplayed = 0
  #replayedAtMs = 0
  #sentToPrimary = 0

  constructor(
    scheduler: Scheduler,
    random: Random,
    options: ReplicaOptions,
    poolOptions: PoolOptions,
    observer?: PoolObserver,
  ) {
    this.#scheduler = scheduler
    this.#random = random
    this.#options = options
    this.#poolOptions = poolOptions
    this.#observer = observer
    this.configure({}, {})
  }

  get options(): ReplicaOptions {
    return this.#options
  }

  get lagMs(): number {
    this.#replay()
    const { lagMs, replayPerSecond } = this.#options
    return lagMs + (1000 * this.#unreplayed) / replayPerSecond
  }

  get status(): ReplicasStatus {
    return {
      lagMs: this.lagMs,
      inService: this.lagMs <= this.#options.maxLagMs,
      sentToPrimary: this.#sentToPrimary,
      pools: this.#pools.map((pool) => pool.status),
    }
  }

  configure(options: Partial<ReplicaOptions>, poolOptions: Partial<PoolOptions>): void {
    this.#replay()
    this.#options = { ...this.#options, ...options }
    this.#poolOptions = { ...this.#poolOptions, ...poolOptions }
    // A pool taken out finishes what it has; it only gets no more.
    this.#pools.length = Math.min(this.#pools.length, this.#options.count)
    for (const pool of this.#pools) pool.configure(poolOptions)
    while (this.#pools.length < this.#options.count) {
      this.#pools.push(new Pool(this.#scheduler, this.#random, this.#poolOptions, this.#observer))
    }
  }

  wrote(client: string): void {
    if (this.#options.count === 0) return
    this.#replay()
    this.#unreplayed++
    this.#writers.delete(client)
    this.#writers.set(client, this.#scheduler.now())
    if (this.#writers.size > maxWriters) {
      this.#writers.delete(this.#writers.keys().next().value as string)
    }
  }

  /** Gives the pool to read from, or `undefined` for the primary. */
  route(client: string): Pool | undefined {
    if (this.#options.count === 0) return undefined
    const lagMs = this.lagMs
    const wroteAtMs = this.#writers.get(client) ?? Number.NEGATIVE_INFINITY
    if (lagMs > this.#options.maxLagMs || this.#scheduler.now() - wroteAtMs <= lagMs) {
      this.#sentToPrimary++
      return undefined
    }
    return this.#pools.reduce((least, pool) =>
      pool.inUse + pool.queued < least.inUse + least.queued ? pool : least,
    )
  }

  #replay(): void {
    const nowMs = this.#scheduler.now()
    const replayed = ((nowMs - this.#replayedAtMs) / 1000) * this.#options.replayPerSecond
    this.#unreplayed = Math.max(0, this.#unreplayed - replayed)
    this.#replayedAtMs = nowMs
  }
}
