import type { CallContext, Clock, KeyedState, Policy, Random } from '@evenkeel/core'
import type { Cooldown } from './cooldown.ts'
import type { RateLimitEvent } from './events.ts'
import type { BucketState, Limit, LimitFactory, ResponseLimits } from './limit.ts'

/** What {@link RateLimit} can be told. */
export interface RateLimitOptions {
  /** Further limits of each key, such as `learnedBuckets()` or `slidingWindow({ … })`. @defaultValue none */
  readonly limits?: readonly LimitFactory[] | undefined
  /**
   * The longest wait; a call that would have to wait longer is refused at once.
   * @defaultValue 60_000: what the longest backoff takes; nobody watches a spinner for longer
   */
  readonly maxWaitMs?: number | undefined
  /** How many calls of a key may wait; beyond that the least important goes. @defaultValue 1000 */
  readonly maxQueued?: number | undefined
  /**
   * How long the release after a cooldown takes to reach a thousand calls, doubling ten times from one;
   * never longer than the cooldown was.
   * @defaultValue 5000
   */
  readonly rampMs?: number | undefined
  /** How many keys to hold. @defaultValue 1000 */
  readonly maxKeys?: number | undefined
  /** How long an unused key is held. @defaultValue 3_600_000, one hour */
  readonly idleMs?: number | undefined
  /**
   * Whether a failure that no `learn` announced is the server's refusal, and so holds the key; `false` where `learn` is told of all.
   * @defaultValue one that is `throttled` or states `retryAfterMs`, unless a policy further in made it
   */
  readonly isRefusal?:
    | ((failed: { error: unknown; context: CallContext }) => boolean)
    | false
    | undefined
  /** Told when a key is held, when a call waits or may not, and which limit it met. */
  readonly onEvent?: ((event: RateLimitEvent) => void) | undefined
  /** @defaultValue `systemClock` */
  readonly clock?: Clock | undefined
  /** @defaultValue `systemRandom` */
  readonly random?: Random | undefined
}

/** What an app may show of a key. */
export interface RateLimitState {
  /** How long calls are still held; 0 when they are not. */
  readonly cooldownMs: number
  readonly queued: number
  readonly buckets: readonly BucketState[]
}

/** What holds the calls of a key back. */
export interface GateState {
  readonly cooldown: Cooldown
  readonly limits: readonly Limit[]
  /** Whether calls pass without being shown to it. */
  isCalm: boolean
}

/** Holds calls back so that the server need not. */
export interface RateLimit extends Policy, Disposable {
  /**
   * Takes in what a response said, before the call that got it settles. To be called for every response
   * that states a limit, and for every refusal.
   */
  learn(context: LearnContext, response: ResponseLimits): void
  /** Tells how a key stands: its cooldown, its queue, its buckets. */
  state(key: string): RateLimitState
  /** What is known of each key, to be saved and shared by {@link sharedRateLimit}. */
  readonly gates: Pick<KeyedState<GateState>, 'get' | 'entries'>
  /** Told when a key, or a route of it, is held, if somebody shares that: set by {@link sharedRateLimit}. */
  onHeld: ((key: string, route: string) => void) | undefined
  /** As it was told, for the same. */
  readonly clock: Clock
  /** Refuses all that waits, and every later call that would have to; no timer or listener remains. */
  close(): void
}

/** Which call got the response. */
export type LearnContext = Pick<CallContext, 'key' | 'route'> & Partial<Pick<CallContext, 'tag'>>
