import type { ApiRequest } from '../stage.ts'

export type Priority = ApiRequest['priority']

/** From the most to the least urgent. */
export const priorities: readonly Priority[] = ['critical', 'important', 'deferred']

/** How a job left the pool; `abandoned` is one whose client had gone. */
export type JobOutcome = 'done' | 'refused' | 'timeout' | 'abandoned'

/** Work that needs a place in a pool. */
export interface Job {
  readonly priority: Priority
  /** A factor on the service time. */
  readonly cost: number
  /** Aborted when nobody waits for the job any more. */
  readonly gone: AbortSignal | undefined
  /** Told once what became of the job. */
  settle(outcome: JobOutcome): void
}
