import type { Priority } from '@evenkeel/core'

/** What a rate limit tells `onEvent`. */
export type RateLimitEvent =
  | CooldownStarted
  | CooldownEnded
  | Parked
  | Released
  | Refused
  | Limited
  | BucketLearned

/** Which call it is about. */
export interface LimitedCallFacts {
  readonly key: string
  readonly route: string
  /** The caller's, as given with the call. */
  readonly tag?: unknown
}

/** All calls of a key are held, or longer than had been said. */
export interface CooldownStarted {
  readonly type: 'cooldownStarted'
  readonly key: string
  /** For how long, jitter included. */
  readonly waitMs: number
  /** Who named the wait: the server, or this side because the server did not. */
  readonly source: 'server' | 'backoff'
}

/** The first call after a cooldown starts. */
export interface CooldownEnded {
  readonly type: 'cooldownEnded'
  readonly key: string
}

/** A call waits for its turn. */
export interface Parked extends LimitedCallFacts {
  readonly type: 'parked'
  readonly priority: Priority
  /** For about how long; `undefined` when that depends on what is under way. */
  readonly waitMs: number | undefined
  /** How many calls of the key wait, this one included. */
  readonly queued: number
}

/** A call that waited starts. */
export interface Released extends LimitedCallFacts {
  readonly type: 'released'
}

/** A call will not be made. */
export interface Refused extends LimitedCallFacts {
  readonly type: 'refused'
  readonly code: string
  /** When it is worth trying again, if that is known. */
  readonly retryAfterMs: number | undefined
}

/** The server refused a call for its rate. */
export interface Limited extends LimitedCallFacts {
  readonly type: 'limited'
  readonly retryAfterMs: number | undefined
  readonly scope: 'user' | 'shared' | 'global' | undefined
}

/** A route turned out to belong to a bucket that the server named. */
export interface BucketLearned {
  readonly type: 'bucketLearned'
  readonly key: string
  readonly route: string
  readonly bucket: string
  readonly limit: number | undefined
}
