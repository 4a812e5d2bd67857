import type { Job, JobOutcome } from './job.ts'
import type { Scheduled } from './scheduler.ts'

/** A job's way through a pool: its place in the queue, and what must be undone when it is settled. */
export class Ticket {
  readonly job: Job
  readonly arrivedMs: number
  entered = 0
  queued = false
  before: Ticket | undefined
  after: Ticket | undefined
  timeout: Scheduled | undefined
  settled = false
  #onGone: (() => void) | undefined

  constructor(job: Job, arrivedMs: number) {
    this.job = job
    this.arrivedMs = arrivedMs
  }

  /** Calls back when the client goes, until {@link stopWatching}. */
  watch(onGone: () => void): void {
    this.#onGone = onGone
    this.job.client.gone.addEventListener('abort', onGone, { once: true })
  }

  stopWatching(): void {
    if (this.#onGone) this.job.client.gone.removeEventListener('abort', this.#onGone)
    this.#onGone = undefined
  }

  settle(outcome: JobOutcome): void {
    if (this.settled) return
    this.settled = true
    this.timeout?.cancel()
    this.stopWatching()
    this.job.settle(outcome)
  }
}
