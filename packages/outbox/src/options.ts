import type { Clock, Policy, Priority, Random } from '@evenkeel/core'
import type { Backoff } from '@evenkeel/retry'
import type { Overflow } from './drop-oldest.ts'
import type { OutboxEntry } from './entry.ts'
import type { OutboxEvent } from './events.ts'
import type { ReplayOptions } from './ramp.ts'
import type { OutboxSignals } from './signals.ts'

/** What a send can know beside the entry. */
export interface SendContext {
  /** Aborts when the outbox is closed, or the send takes too long. */
  readonly signal: AbortSignal
}

/**
 * Sends an entry; what it gives is the `result` of the `sent` event. How it rejects decides what
 * follows: by `reached`, `isTransient` and `retryAfterMs` of `@evenkeel/core`. A plain error may have
 * reached the server, and may go away.
 */
export type Send<T, R> = (entry: OutboxEntry<T>, context: SendContext) => R | PromiseLike<R>

/** A send that failed, as callbacks see it. */
export interface Rejection<T> {
  readonly entry: OutboxEntry<T>
  readonly error: unknown
}

/** What to do about an entry that the server refused for good; a payload that replaces it gets a new key. */
export type Resolution<T> = 'drop' | 'retry' | { readonly replace: T }

/** What an outbox can be told. */
export interface OutboxOptions<T = unknown, R = unknown> {
  /**
   * How long an entry may wait, from `enqueue` on, before it is reported as expired instead of sent.
   * @defaultValue 1_500_000, 25 min: of the documented lifetimes of idempotency keys 30 min is the
   * shortest (Qonto), and the last send needs some of it
   */
  readonly ttlMs?: number | undefined
  /**
   * How long the server is sure to remember a key, from the first send on that may have reached it;
   * after that an entry is reported as expired, whatever its `ttlMs`.
   * @defaultValue 1_500_000, as `ttlMs`
   */
  readonly keyLifeMs?: number | undefined
  /** @defaultValue 1000 */
  readonly maxEntries?: number | undefined
  /** Of all payloads, as `payloadBytes` counts them. @defaultValue 8_388_608, 8 MiB */
  readonly maxBytes?: number | undefined
  /** What goes when the outbox is full: `dropOldest`. @defaultValue nothing, and the new entry is turned away */
  readonly overflow?: Overflow | undefined
  /**
   * What a `dedupKey` that is already there does: `replace` that entry, unless it is under way, or
   * `reject` the new one.
   * @defaultValue `'replace'`
   */
  readonly duplicates?: 'replace' | 'reject' | undefined
  /** How many lanes may send at the same time. @defaultValue 4: a browser has 6 connections to a server for all there is */
  readonly maxConcurrent?: number | undefined
  /**
   * After how many sends that may have reached the server an entry is given up.
   * @defaultValue 20: about as many as `ttlMs` leaves room for
   */
  readonly maxAttempts?: number | undefined
  /** How long one send may take, its policies included. @defaultValue 120_000, as a call of `createFetch` */
  readonly sendTimeoutMs?: number | undefined
  /** The wait after a failed send, by how many have failed in a row. @defaultValue `fullJitter()` up to 5 min: nobody waits for it */
  readonly backoff?: Backoff | undefined
  /** How what has waited is sent. @defaultValue after at most 1 s, from one a second up to twenty */
  readonly replay?: ReplayOptions | undefined
  /** How much a lane matters: of those that can go, critical ones go first. Asked when an entry is enqueued. @defaultValue `'important'` */
  readonly priority?: ((lane: string) => Priority) | undefined
  /** Policies that every send goes through, such as a breaker shared with others. @defaultValue none */
  readonly policy?: Policy | undefined
  /** Whether a send failed for good. @defaultValue the server answered (`reached` is `yes`), and it is not transient */
  readonly isFinal?: ((rejection: Rejection<T>) => boolean) | undefined
  /** What to do then: the hook for conflicts. @defaultValue `'drop'`, with a `failed` event */
  readonly resolution?:
    | ((rejection: Rejection<T>) => Resolution<T> | PromiseLike<Resolution<T>>)
    | undefined
  /** Hears all that happens. */
  readonly onEvent?: ((event: OutboxEvent<T, R>) => void) | undefined
  /** @defaultValue those of the store, which `indexedDbStore` has; else none, and always online */
  readonly signals?: OutboxSignals | undefined
  /** Makes idempotency keys. @defaultValue `crypto.randomUUID` */
  readonly createKey?: (() => string) | undefined
  /** @defaultValue `systemClock` */
  readonly clock?: Clock | undefined
  /** @defaultValue `systemRandom` */
  readonly random?: Random | undefined
}

/** What an entry can say of itself. */
export interface EnqueueOptions {
  /** Entries of a lane are sent one after another, in order; lanes don't wait for each other. @defaultValue `'default'` */
  readonly lane?: string | undefined
  /**
   * `true` makes a key, a string is one. `false`: the entry is sent at most once.
   * @defaultValue `true`
   */
  readonly idempotencyKey?: boolean | string | undefined
  /** Of the entries that wait there is one with this key. @defaultValue none */
  readonly dedupKey?: string | undefined
  /** How long it may wait. @defaultValue the outbox's */
  readonly ttlMs?: number | undefined
}
