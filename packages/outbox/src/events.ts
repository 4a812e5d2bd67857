import type { OutboxEntry, Unreadable } from './entry.ts'

/** How much there is, for a badge. */
export interface OutboxCounts {
  readonly waiting: number
  /** Under way; what another page sends may still be among those that wait. */
  readonly sending: number
  /** Of waiting and sending together. */
  readonly bytes: number
  /** Stored, but not understood. */
  readonly setAside: number
}

/**
 * Why an entry was given up. `rejected`: the server said no for good, and the app did not object;
 * `notIdempotent`: it may have reached the server, and has no key to send it again with;
 * `outcomeUnknown`: the same, as the page or process ended meanwhile; `attemptsExhausted`: `maxAttempts`.
 */
export type FailReason = 'rejected' | 'notIdempotent' | 'outcomeUnknown' | 'attemptsExhausted'

/** What happened to an entry. */
export type EntryFact<R = unknown> =
  /** The store has it. */
  | { readonly type: 'stored' }
  /** The app changed its payload. */
  | { readonly type: 'edited' }
  /** It goes to the server; `entry.attempts` is the number of the send. */
  | { readonly type: 'sending' }
  /** It will be sent again, in `delayMs` at the earliest. */
  | {
      readonly type: 'retryScheduled'
      readonly error: unknown
      readonly delayMs: number
      readonly retryAt: Date
    }
  /** Done. `result` is what `send` gave; in other pages there is none. */
  | { readonly type: 'sent'; readonly result?: R }
  /** Given up; in other pages without its `error`. */
  | { readonly type: 'failed'; readonly reason?: FailReason; readonly error?: unknown }
  /** Too old to be sent. It may have been applied if `entry.firstSentAtMs` is set. */
  | { readonly type: 'expired' }
  /** A later entry with the same `dedupKey` took its place. */
  | { readonly type: 'superseded' }
  /** Dropped to make room, as `overflow: dropOldest` asks. */
  | { readonly type: 'evicted' }
  /** The app removed it. */
  | { readonly type: 'removed' }

/** What happened to the store. */
export type StoreFact =
  /** A stored value that is left alone: it can't be read, or the store is lost and it has no key. */
  | {
      readonly type: 'setAside'
      readonly id: string
      readonly reason: Unreadable | 'storeLost'
      readonly value: unknown
    }
  /** There was no room for an entry; `enqueue` rejected with the same error. */
  | { readonly type: 'quotaExceeded'; readonly error: unknown }
  /** It could not be read or written; that is tried again. */
  | { readonly type: 'storeFailed'; readonly error: unknown }
  /** It is lost: what is enqueued from now on does not survive the page. */
  | { readonly type: 'memoryOnly'; readonly error: unknown }

/** What an outbox tells its listener. */
export type OutboxEvent<T = unknown, R = unknown> = { readonly counts: OutboxCounts } & (
  | (EntryFact<R> & {
      readonly entry: OutboxEntry<T>
      /** Whether it happened in another page. */
      readonly isRemote: boolean
    })
  | StoreFact
)
