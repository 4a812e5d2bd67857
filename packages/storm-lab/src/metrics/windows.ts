import { Histogram } from './histogram.ts'

/** How finely time is seen. */
export const windowMs = 10_000

/** Numbers by window: what is counted in it, or how it stands at its end. */
export class Windows {
  readonly count: number
  readonly calls: Float64Array
  /** Of the calls that started in it. */
  readonly succeeded: Float64Array
  readonly failed: Float64Array
  /** Of the failed: those that never left the client. */
  readonly unsent: Float64Array
  readonly attempts: Float64Array
  /** Attempts that came to nothing. */
  readonly rejected: Float64Array
  /** Successful answers that were waited for. */
  readonly served: Float64Array
  readonly usefulMs: Float64Array
  readonly wastedMs: Float64Array
  /** How many wait at the backend. */
  readonly queued: Float64Array
  /** How many have a worker. */
  readonly busy: Float64Array
  /** What the server publishes. */
  readonly level: Float64Array
  /** Of the successes, by the start of their calls. */
  readonly latency: readonly Histogram[]
  readonly callsByPriority: readonly Float64Array[]
  readonly succeededByPriority: readonly Float64Array[]
  readonly callsByCohort: readonly Float64Array[]
  readonly succeededByCohort: readonly Float64Array[]
  readonly attemptsByCohort: readonly Float64Array[]

  constructor(durationMs: number, priorities: number, cohorts: number) {
    this.count = Math.ceil(durationMs / windowMs)
    // One more, for what comes when the scenario is over.
    const column = (): Float64Array => new Float64Array(this.count + 1)
    const columns = (count: number): Float64Array[] => Array.from({ length: count }, column)
    this.calls = column()
    this.succeeded = column()
    this.failed = column()
    this.unsent = column()
    this.attempts = column()
    this.rejected = column()
    this.served = column()
    this.usefulMs = column()
    this.wastedMs = column()
    this.queued = column()
    this.busy = column()
    this.level = column()
    this.latency = Array.from({ length: this.count }, () => new Histogram())
    this.callsByPriority = columns(priorities)
    this.succeededByPriority = columns(priorities)
    this.callsByCohort = columns(cohorts)
    this.succeededByCohort = columns(cohorts)
    this.attemptsByCohort = columns(cohorts)
  }

  /** The window of an instant; for what comes after the end, one that is not reported. */
  at(atMs: number): number {
    return Math.min(this.count, Math.floor(atMs / windowMs))
  }
}

/** Adds to one of the columns. */
export function add(column: Float64Array | undefined, at: number, amount = 1): void {
  if (column) column[at] = (column[at] as number) + amount
}
