import type { AbortSource, CallContext, Clock, Policy, Priority } from '@evenkeel/core'
import type { BatchEvent } from './events.ts'
import type { Loaded } from './results.ts'
import type { BatchWindow } from './window.ts'

/** Loads many keys at once: a value or an error for each. */
export type Load<K, V> = (
  keys: readonly K[],
  context: CallContext,
) => Loaded<V> | PromiseLike<Loaded<V>>

/** What `batch` can be told. */
export interface BatchOptions<K> {
  /**
   * How long the first call of a batch waits for others, in milliseconds, or `adaptiveWindow()`.
   * @defaultValue 0: until this tick is over, which costs nobody any time
   */
  readonly window?: number | BatchWindow | undefined
  /** How many keys a batch has at most. @defaultValue 100: what APIs commonly take at once */
  readonly maxSize?: number | undefined
  /** How many bytes, as `bytesOf` counts them, a batch has at most; a larger key goes alone. @defaultValue `Infinity` */
  readonly maxBytes?: number | undefined
  /** The size of a key on its way. @defaultValue 0 */
  readonly bytesOf?: ((key: K) => number) | undefined
  /** What makes two keys the same; results in a map go by it. @defaultValue the key itself */
  readonly idOf?: ((key: K) => unknown) | undefined
  /**
   * What each batch runs through; with a retry in it, only what failed is sent again.
   * @defaultValue a timeout of 60 s: a batch that never comes back must not hold its callers for ever
   */
  readonly policy?: Policy | undefined
  /** The failure domain of its policy. @defaultValue `'batch'` */
  readonly key?: string | undefined
  /** Whether loading twice has the effect of once. @defaultValue `true`: what loads by key mostly reads */
  readonly idempotent?: boolean | undefined
  /**
   * Whether the error of one key may go away, so that the policy may try that key again.
   * @defaultValue errors that say so themselves: those with a code, and `isTransient`
   */
  readonly shouldRetry?:
    | ((failed: { readonly key: K; readonly error: Error }) => boolean)
    | undefined
  /**
   * Whether a batch that failed as a whole is tried again in halves, to find the key it failed for: at
   * most 2 ⌈log₂ n⌉ loads more for one bad key of n.
   * @defaultValue never; say it of what a server refuses as a whole for one bad key
   */
  readonly shouldSplit?: ((failed: { readonly error: unknown }) => boolean) | undefined
  /** Closes it. */
  readonly signal?: AbortSignal | AbortSource | undefined
  /** Hears of batches. */
  readonly onEvent?: ((event: BatchEvent) => void) | undefined
  /** @defaultValue `systemClock` */
  readonly clock?: Clock | undefined
}

/** What one call can say of itself. */
export interface LoadOptions {
  /** Ends this call at once; others with the same key go on. */
  readonly signal?: AbortSignal | undefined
  /** The most important call decides for its batch, and a `critical` one waits for no longer than this tick. @defaultValue `'important'` */
  readonly priority?: Priority | undefined
  /** Milliseconds this call may take; it waits for others during half of them at most. @defaultValue `Infinity` */
  readonly deadlineMs?: number | undefined
}

/** Collects calls for one key into loads of many. */
export interface Batch<K, V> extends Disposable {
  /**
   * The value of one key.
   *
   * @throws what the load threw, or returned for this key; what the policy throws; and
   * `BATCH_RESULT_MISSING`, `BATCH_RESULTS_MALFORMED`, `DEADLINE_EXCEEDED`, `TIMEOUT`, `BATCH_CLOSED`
   */
  load(key: K, options?: LoadOptions): Promise<V>
  /** Sends what has gathered now. */
  flush(): void
  /** Rejects all that wait, aborts what is under way, and takes no more. */
  close(): void
}
