import { desiredInstances } from './desired-instances.ts'
import type { Job } from './job.ts'
import { Pool } from './pool.ts'
import type { PoolStatus } from './pool-status.ts'
import type { Scheduled, Scheduler } from './scheduler.ts'
import type { Random } from './seeded-random.ts'
import type { VoiceOptions } from './voice-options.ts'

export interface VoiceStatus {
  readonly instances: number
  readonly starting: number
  /** The share of busy slots since the last decision. */
  readonly cpuRatio: number
  readonly joins: PoolStatus
}

/** The media servers of one region: joins take slots, and an autoscaler follows the load. */
export class VoiceCluster {
  readonly #scheduler: Scheduler
  readonly #pool: Pool
  readonly #starting = new Set<Scheduled>()
  #options: VoiceOptions
  #instances: number
  #tick: Scheduled | undefined
  #measuredAtMs = 0
  #measuredBusyMs = 0
  #cpuRatio = 0
  #neededAtMs = 0

  constructor(scheduler: Scheduler, random: Random, options: VoiceOptions) {
    this.#scheduler = scheduler
    this.#options = options
    this.#instances = options.instances
    this.#pool = new Pool(scheduler, random, {
      poolSize: options.instances * options.slotsPerInstance,
      queueDepth: options.queueDepth,
      serviceMs: options.joinMs,
      sigma: 0,
      kappa: 0,
      distribution: 'erlang2',
      order: 'fifo',
      dropAbandoned: false,
      timeoutMs: Number.POSITIVE_INFINITY,
    })
    this.configure({})
  }

  get options(): VoiceOptions {
    return this.#options
  }

  get status(): VoiceStatus {
    return {
      instances: this.#instances,
      starting: this.#starting.size,
      cpuRatio: this.#cpuRatio,
      joins: this.#pool.status,
    }
  }

  get drainMs(): number {
    return this.#pool.drainMs
  }

  get queued(): number {
    return this.#pool.queued
  }

  submit(job: Job): void {
    this.#pool.submit(job)
  }

  configure(options: Partial<VoiceOptions>): void {
    this.#options = { ...this.#options, ...options }
    if (options.instances !== undefined) {
      this.#cancelStarts()
      this.#instances = options.instances
    }
    this.#apply()
    if (!this.#options.autoscale) this.#cancelStarts()
    this.#tick?.cancel()
    this.#await()
  }

  close(): void {
    this.#tick?.cancel()
    this.#cancelStarts()
  }

  #await(): void {
    this.#tick = this.#scheduler.schedule(() => {
      this.#evaluate()
      this.#await()
    }, this.#options.evaluateMs)
  }

  #evaluate(): void {
    const nowMs = this.#scheduler.now()
    this.#measure(nowMs)
    if (!this.#options.autoscale) return
    const had = this.#instances + this.#starting.size
    const wanted = desiredInstances(this.#options, {
      instances: this.#instances,
      cpuRatio: this.#cpuRatio,
      queued: this.#pool.queued,
    })
    if (wanted >= had) this.#neededAtMs = nowMs
    for (let added = had; added < wanted; added++) this.#startOne()
    if (wanted < had && nowMs - this.#neededAtMs >= this.#options.scaleDownAfterMs) {
      this.#cancelStarts()
      this.#instances = Math.min(wanted, this.#instances)
      this.#apply()
    }
  }

  #measure(nowMs: number): void {
    const busyMs = this.#pool.busyMs
    const spanMs = nowMs - this.#measuredAtMs
    const slots = this.#instances * this.#options.slotsPerInstance
    this.#cpuRatio =
      spanMs > 0 ? Math.min(1, (busyMs - this.#measuredBusyMs) / (spanMs * slots)) : 0
    this.#measuredAtMs = nowMs
    this.#measuredBusyMs = busyMs
  }

  #startOne(): void {
    const start = this.#scheduler.schedule(() => {
      this.#starting.delete(start)
      this.#instances++
      this.#apply()
    }, this.#options.startUpMs)
    this.#starting.add(start)
  }

  #cancelStarts(): void {
    for (const start of this.#starting) start.cancel()
    this.#starting.clear()
  }

  #apply(): void {
    const { slotsPerInstance, joinMs, queueDepth } = this.#options
    this.#pool.configure({
      poolSize: this.#instances * slotsPerInstance,
      serviceMs: joinMs,
      queueDepth,
    })
  }
}
