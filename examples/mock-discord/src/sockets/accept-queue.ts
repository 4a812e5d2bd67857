import type { Scheduled, Scheduler } from '../backend/scheduler.ts'

/** How fast connections are taken in. */
export interface AcceptQueueOptions {
  readonly acceptPerSecond: number
  /** How many may wait. */
  readonly acceptQueueLength: number
}

/**
 * Takes connections in one by one, in their order. One whose client has gone takes its turn all the
 * same, as in the accept queue of a kernel, which is how a herd that times out keeps a server busy for nothing.
 */
export class AcceptQueue {
  readonly #scheduler: Scheduler
  readonly #options: () => AcceptQueueOptions
  #waiting: (() => void)[] = []
  #freeAtMs = Number.NEGATIVE_INFINITY
  #next: Scheduled | undefined

  constructor(scheduler: Scheduler, options: () => AcceptQueueOptions) {
    this.#scheduler = scheduler
    this.#options = options
  }

  get length(): number {
    return this.#waiting.length
  }

  /** Runs `accept` when its turn has come; tells whether there was room to wait for it. */
  push(accept: () => void): boolean {
    const { acceptPerSecond, acceptQueueLength } = this.#options()
    if (acceptPerSecond === Number.POSITIVE_INFINITY && this.#waiting.length === 0) {
      accept()
      return true
    }
    const nowMs = this.#scheduler.now()
    if (this.#waiting.length === 0 && nowMs >= this.#freeAtMs) {
      this.#freeAtMs = nowMs + 1_000 / acceptPerSecond
      accept()
      return true
    }
    if (this.#waiting.length >= acceptQueueLength) return false
    this.#waiting.push(accept)
    this.#arm()
    return true
  }

  clear(): void {
    this.#next?.cancel()
    this.#next = undefined
    this.#waiting = []
  }

  #arm(): void {
    this.#next ??= this.#scheduler.schedule(
      () => {
        this.#next = undefined
        const accept = this.#waiting.shift()
        this.#freeAtMs = this.#scheduler.now() + 1_000 / this.#options().acceptPerSecond
        accept?.()
        if (this.#waiting.length > 0) this.#arm()
      },
      Math.max(0, this.#freeAtMs - this.#scheduler.now()),
    )
  }
}
