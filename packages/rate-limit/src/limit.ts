import type { Priority, Random } from '@evenkeel/core'
import type { RateLimitEvent } from './events.ts'

/** What a response said about limits, as a host passes it to `RateLimit.learn`; the hints of `rateLimitHints` fit. */
export interface ResponseLimits {
  /** Whether the server turned the call away for its rate or its own load: a 429, or a 503 that states a wait. */
  readonly refused?: boolean | undefined
  /** Whether the response counts towards a ban for invalid requests (Discord: 401, 403, and 429 unless shared). */
  readonly invalid?: boolean | undefined
  /** How long the server asks to stay away. */
  readonly retryAfterMs?: number | undefined
  /** Calls allowed in a window. */
  readonly limit?: number | undefined
  /** Calls left in this window. */
  readonly remaining?: number | undefined
  /** How long until there are more. */
  readonly resetAfterMs?: number | undefined
  /** The server's name for the bucket, which several routes may share. */
  readonly bucket?: string | undefined
  /** Whose limit refused: the caller's, everybody's on one resource, or the credential's. */
  readonly scope?: 'user' | 'shared' | 'global' | undefined
  /** Whether the limit of the whole key refused. */
  readonly global?: boolean | undefined
}

/** One try of a call, as limits see it; the same object from its start to its end. */
export interface LimitedCall {
  readonly route: string
  readonly priority: Priority
}

/**
 * How a call ended. `accepted`: the server answered it. `rejected`: it failed in a way that may pass.
 * `unsent`: the server never saw it. `unknown`: it was aborted, or failed on this side.
 */
export type Outcome = 'accepted' | 'rejected' | 'unsent' | 'unknown'

/** One limit of one key: plain state, no promise, no clock; the same object serves an app and a simulator. */
export interface Limit {
  /** The code of the error of a call that can't have its turn. */
  readonly code: string
  /**
   * The instant from which the call may start, `nowMs` or earlier if now, `Infinity` if that depends on
   * what is under way; `ahead` calls of the key wait before it.
   */
  startAtMs(call: LimitedCall, nowMs: number, ahead: number): number
  /** Asked once, when a call comes. @returns for how long to stay away if it may not even wait, `Infinity` if nobody knows */
  turnAway?(call: LimitedCall, nowMs: number): number | undefined
  /** Told when the call starts. */
  started?(call: LimitedCall, nowMs: number): void
  /** Told how the call ended. */
  ended?(call: LimitedCall, outcome: Outcome, nowMs: number): void
  /** Takes in what a response said. @returns whether a refusal is dealt with, so that the rest of the key may go on */
  learn?(route: string, response: ResponseLimits, nowMs: number): boolean
  /** Whether forgetting it now would lose anything. */
  isNeeded?(nowMs: number): boolean
  /** What an app may show of it. */
  buckets?(nowMs: number): readonly BucketState[]
}

/** A learned bucket, to be shown. */
export interface BucketState {
  /** The server's name for it, or the route as long as that is not known. */
  readonly bucket: string
  readonly limit: number | undefined
  /** How many calls may start now. */
  readonly remaining: number
  readonly inFlight: number
  /** How long until there are more; 0 when that is not known. */
  readonly resetAfterMs: number
}

/** Makes the limit of a key. */
export type LimitFactory = (
  key: string,
  random: Random,
  emit: (event: RateLimitEvent) => void,
) => Limit
