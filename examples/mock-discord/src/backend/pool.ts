import type { Job } from './job.ts'
import { JobQueue } from './job-queue.ts'
import type { PoolOptions } from './pool-options.ts'
import type { PoolObserver, PoolStatus } from './pool-status.ts'
import { serviceTimeMs } from './scalability.ts'
import type { Scheduler } from './scheduler.ts'
import type { Random } from './seeded-random.ts'
import { Ticket } from './ticket.ts'

/**
 * Jobs in service at once slow each other down by the Universal Scalability Law; the rest waits in a queue.
 * A job's time is drawn when it starts, from the concurrency of that moment.
 */
export class Pool {
  readonly #scheduler: Scheduler
  readonly #random: Random
  readonly #observer: PoolObserver | undefined
  readonly #queue = new JobQueue()
  #options: PoolOptions
  #inUse = 0
  #started = 0
  #done = 0
  #refused = 0
  #timedOut = 0
  #dropped = 0
  #wastedJobs = 0
  #wastedMs = 0
  #usefulMs = 0
  #meanQueuedMs = 0
  #busyMs = 0
  #busySinceMs = 0

  constructor(scheduler: Scheduler, random: Random, options: PoolOptions, observer?: PoolObserver) {
    this.#scheduler = scheduler
    this.#random = random
    this.#options = options
    this.#observer = observer
  }

  get options(): PoolOptions {
    return this.#options
  }

  get inUse(): number {
    return this.#inUse
  }

  get queued(): number {
    return this.#queue.length
  }

  /** How long the queue would take to drain at the present speed, in ms. */
  get drainMs(): number {
    const queued = this.#queue.length
    return queued === 0 ? 0 : (queued * serviceTimeMs(this.#options, this.#inUse)) / this.#inUse
  }

  /** The integral of the places in use over time, in ms; its growth is the utilisation. */
  get busyMs(): number {
    this.#countBusy()
    return this.#busyMs
  }

  get status(): PoolStatus {
    return {
      poolSize: this.#options.poolSize,
      inUse: this.#inUse,
      queueDepth: this.#options.queueDepth,
      queued: this.#queue.length,
      started: this.#started,
      done: this.#done,
      refused: this.#refused,
      timedOut: this.#timedOut,
      dropped: this.#dropped,
      wastedJobs: this.#wastedJobs,
      wastedMs: this.#wastedMs,
      usefulMs: this.#usefulMs,
      meanQueuedMs: this.#meanQueuedMs,
    }
  }

  /** Changes options; a smaller pool drains to its size, a larger one fills at once. */
  configure(options: Partial<PoolOptions>): void {
    this.#options = { ...this.#options, ...options }
    this.#fill()
  }

  submit(job: Job): void {
    this.#scheduler.settle()
    const { poolSize, queueDepth, order, dropAbandoned, timeoutMs } = this.#options
    if (dropAbandoned && job.client.isGone) {
      this.#dropped++
      job.settle('dropped')
      return
    }
    const free = this.#inUse < poolSize
    if (!free && this.#queue.length >= queueDepth) {
      const displaced = order === 'priority' ? this.#queue.displace(job.priority) : undefined
      if (!displaced) {
        this.#refused++
        job.settle('refused')
        return
      }
      this.#refused++
      displaced.settle('refused')
    }
    const ticket = new Ticket(job, this.#scheduler.now())
    if (timeoutMs !== Number.POSITIVE_INFINITY) {
      ticket.timeout = this.#scheduler.schedule(() => this.#timeOut(ticket), timeoutMs)
    }
    if (free) {
      this.#start(ticket)
      return
    }
    this.#queue.push(ticket)
    if (dropAbandoned) ticket.watch(() => this.#drop(ticket))
  }

  #fill(): void {
    while (this.#inUse < this.#options.poolSize) {
      const next = this.#queue.shift(this.#options.order)
      if (!next) return
      if (this.#options.dropAbandoned && next.job.client.isGone) this.#drop(next)
      else this.#start(next)
    }
  }

  #start(ticket: Ticket): void {
    this.#countBusy()
    this.#inUse++
    this.#started++
    const queuedMs = this.#scheduler.now() - ticket.arrivedMs
    this.#meanQueuedMs += (queuedMs - this.#meanQueuedMs) / Math.min(this.#started, 100)
    this.#observer?.onStarted(queuedMs)
    ticket.stopWatching()
    const serviceMs = ticket.job.cost * serviceTimeMs(this.#options, this.#inUse) * this.#draw()
    this.#scheduler.schedule(() => this.#finish(ticket, serviceMs), serviceMs)
  }

  /** A factor of mean 1; Erlang-2 is the sum of two exponentials of half the mean. */
  #draw(): number {
    if (this.#options.distribution === 'fixed') return 1
    return -Math.log((1 - this.#random()) * (1 - this.#random())) / 2
  }

  #finish(ticket: Ticket, serviceMs: number): void {
    this.#countBusy()
    this.#inUse--
    const wasted = ticket.settled || ticket.job.client.isGone
    if (wasted) {
      this.#wastedJobs++
      this.#wastedMs += serviceMs
    } else {
      this.#done++
      this.#usefulMs += serviceMs
    }
    this.#observer?.onFinished(serviceMs, wasted)
    ticket.settle(wasted ? 'abandoned' : 'done')
    this.#fill()
  }

  #timeOut(ticket: Ticket): void {
    this.#timedOut++
    this.#queue.remove(ticket)
    ticket.settle('timeout')
  }

  #drop(ticket: Ticket): void {
    this.#dropped++
    this.#queue.remove(ticket)
    ticket.settle('dropped')
  }

  #countBusy(): void {
    const nowMs = this.#scheduler.now()
    this.#busyMs += this.#inUse * (nowMs - this.#busySinceMs)
    this.#busySinceMs = nowMs
  }
}
