import type { CallOutcome } from '@evenkeel/circuit-breaker'
import type { Reached } from '@evenkeel/core'
import { noAnswer } from '../backend/answers.ts'

/** How far a request may have got, by its place in the columns of tables; the first is for none. */
export const reaches: readonly (Reached | undefined)[] = [undefined, 'no', 'maybe', 'yes']

/** What ends an attempt on the client's side; beside the statuses of answers and {@link noAnswer}. */
export const ownEnd = {
  /** The limit of the attempt. */
  timeout: 10,
  /** The deadline of the call. */
  deadline: 11,
  /** The circuit breaker let it not go. */
  circuitOpen: 12,
  /** The cooldown, or a limit of this side, let it not go. */
  heldBack: 13,
} as const

const transient = new Set([408, 425, 429, 500, 502, 503, 504])

/** Whether the same call may succeed later, and it is for the retry to try: as `createFetch` has it. */
export function isRetryable(status: number): boolean {
  return transient.has(status) || status === ownEnd.timeout || status < ownEnd.timeout
}

/** How far the request may have got. */
export function reachedOf(status: number): Reached {
  if (status === noAnswer.refused || status === noAnswer.offline) return 'no'
  if (status === ownEnd.circuitOpen || status === ownEnd.heldBack) return 'no'
  return status < 100 || status === 504 ? 'maybe' : 'yes'
}

/** What a breaker takes it for. */
export function breakerOutcome(status: number): CallOutcome {
  if (status === 429) return 'ignored'
  return transient.has(status) || status < 100 ? 'failure' : 'success'
}

/** Whether the server turned it away for its load, so that the whole origin is to be left alone. */
export function isRefusal(status: number, retryAfterMs: number): boolean {
  return status === 429 || (status === 503 && !Number.isNaN(retryAfterMs))
}
