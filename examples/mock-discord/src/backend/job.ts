import type { ApiRequest } from '../stage.ts'

export type Priority = ApiRequest['priority']

/** From the most to the least urgent. */
export const priorities: readonly Priority[] = ['critical', 'important', 'deferred']

/**
 * How a job left the pool: `abandoned` was worked on to the end though its client had gone, `dropped` left
 * the queue with its client.
 */
export type JobOutcome = 'done' | 'refused' | 'timeout' | 'abandoned' | 'dropped'

/** Tells whether the work was done, whoever still wanted it. */
export function isWorkDone(outcome: JobOutcome): boolean {
  return outcome === 'done' || outcome === 'abandoned'
}

/** Whoever waits for a job, as long as they do. */
export type JobClient = Pick<ApiRequest, 'gone' | 'isGone'>

/** Work that needs a place in a pool. */
export interface Job {
  readonly priority: Priority
  /** A factor on the service time. */
  readonly cost: number
  /** Who waits for the job. */
  readonly client: JobClient
  /** Told once what became of the job. */
  settle(outcome: JobOutcome): void
}
