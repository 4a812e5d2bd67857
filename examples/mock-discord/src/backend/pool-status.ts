/** Told what the pool does, as it does it. */
export interface PoolObserver {
  /** A job has got a place after this wait. */
  onStarted(queuedMs: number): void
  /** A job has left its place; `wasted` when nobody waited for it any more. */
  onFinished(serviceMs: number, wasted: boolean): void
}

export interface PoolStatus {
  readonly poolSize: number
  readonly inUse: number
  readonly queueDepth: number
  readonly queued: number
  /** Since the start: jobs that got a place, and what became of all. */
  readonly started: number
  readonly done: number
  readonly refused: number
  readonly timedOut: number
  /** Left the queue with their client, so they cost no work. */
  readonly dropped: number
  readonly wastedJobs: number
  readonly wastedMs: number
  readonly usefulMs: number
  /** Mean wait of the last 100 jobs that got a place, exponentially weighted. */
  readonly meanQueuedMs: number
}
