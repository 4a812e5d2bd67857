import type { Clock, Policy } from '@evenkeel/core'
import type { LimitFactory } from './concurrency-limit.ts'
import type { BulkheadEvent } from './events.ts'
import type { CallFailure } from './outcome-of.ts'

/** What {@link Bulkhead} can be told. */
export interface BulkheadOptions {
  /**
   * How many calls of a key may be under way: a whole number, or `aimd()` or `gradient()` to find out.
   * @defaultValue 10, as Hystrix: what a healthy dependency is called with is less than people think
   */
  readonly limit?: number | LimitFactory | undefined
  /**
   * How many calls of a key may wait; beyond that the least important goes.
   * @defaultValue 1000, in pages 100: nobody scrolls through more
   */
  readonly maxQueued?: number | undefined
  /** The longest wait. @defaultValue 60_000, as `rateLimit`: nobody watches a spinner for longer */
  readonly maxWaitMs?: number | undefined
  /**
   * From which wait on a call is overdue: every tenth start is then for whoever has waited longest, so
   * that one with `n` older calls before it starts after at most `10 (n + 1)` others.
   * @defaultValue 5000
   */
  readonly agingMs?: number | undefined
  /**
   * Whether as many failures in a row as there are places leave one place, and each call that then
   * succeeds brings one back.
   * @defaultValue `true`: a server that has just come up is cold, and everybody is waiting for it
   */
  readonly slowStart?: boolean | undefined
  /**
   * Whether a rejection says that the server is unwell.
   * @defaultValue what may go away (`isTransient`); never an abort by the caller or the refusal of a policy further in
   */
  readonly isFailure?: ((failure: CallFailure) => boolean) | undefined
  /** How many keys to hold. @defaultValue 1000 */
  readonly maxKeys?: number | undefined
  /** How long an unused key is held. @defaultValue 3_600_000, one hour */
  readonly idleMs?: number | undefined
  /** Told when a call waits, starts after a wait, or will not be made, and when a limit moves. */
  readonly onEvent?: ((event: BulkheadEvent) => void) | undefined
  /** @defaultValue `timeoutClock` */
  readonly clock?: Clock | undefined
}

/** What an app may show of a key. */
export interface BulkheadState {
  readonly inFlight: number
  /** How many may be under way now. */
  readonly limit: number
  readonly queued: number
}

/** Keeps the calls to one server from taking all there is; one bulkhead may serve many pipelines. */
export interface Bulkhead extends Policy, Disposable {
  /** Tells how a key stands. */
  state(key: string): BulkheadState
  /** Refuses all that waits, and every later call that would have to; no timer or listener remains. */
  close(): void
}
