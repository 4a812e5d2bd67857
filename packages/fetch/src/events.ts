import type { BreakerEvent } from '@evenkeel/circuit-breaker'
import type { RateLimitEvent } from '@evenkeel/rate-limit'
import type { RetryEvent } from '@evenkeel/retry'
import type { FetchCall } from './call.ts'

/** A request goes out. */
export interface AttemptStarted {
  readonly type: 'attemptStarted'
  readonly call: FetchCall
  readonly attempt: number
}

/** A request failed; whether another follows, the next event says. */
export interface AttemptFailed {
  readonly type: 'attemptFailed'
  readonly call: FetchCall
  readonly attempt: number
  /** Of the answer, if there was one. */
  readonly status: number | undefined
  readonly error: unknown
}

/** The call ended with an answer that is no failure. */
export interface CallSucceeded {
  readonly type: 'succeeded'
  readonly call: FetchCall
  readonly attempts: number
  readonly status: number
}

/** The call ended with a failure: an answer that is one, or what was thrown. */
export interface CallFailed {
  readonly type: 'failed'
  readonly call: FetchCall
  readonly attempts: number
  readonly status: number | undefined
  readonly error: unknown
}

/**
 * The life of a call, and what the policies do meanwhile. `tag` of a policy's event is the
 * {@link FetchCall} it tells of.
 */
export type FetchEvent =
  | AttemptStarted
  | AttemptFailed
  | CallSucceeded
  | CallFailed
  | RetryEvent
  | RateLimitEvent
  | BreakerEvent
