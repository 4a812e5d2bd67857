import type { TimeSource } from '@evenkeel/core'
import type { FetchInput } from '../call.ts'

/** An answer from before was given in place of a failure. */
export interface ServedStale {
  readonly type: 'servedStale'
  /** Without query and credentials. */
  readonly url: string
  readonly ageMs: number
  /** For how long it has no longer been fresh; below 0 while it is. */
  readonly staleMs: number
  /** Of the answer that was a failure, if there was one. */
  readonly status: number | undefined
  /** What was thrown instead. */
  readonly error: unknown
}

/** What `staleIfError` can be told. */
export interface StaleIfErrorOptions {
  /**
   * How long past its freshness an answer may be used whose server does not say (`Cache-Control: stale-if-error`, RFC 5861).
   * @defaultValue 3_600_000: an API's bad hour
   */
  readonly graceMs?: number | undefined
  /** Which answers are errors. @defaultValue 500, 502, 503, 504, as RFC 5861 has it */
  readonly errorStatuses?: readonly number[] | undefined
  /** How many answers to keep. @defaultValue 100 */
  readonly maxEntries?: number | undefined
  /** How many bytes of answers to keep. @defaultValue 5_242_880 */
  readonly maxBytes?: number | undefined
  /** The longest body that is kept. @defaultValue 1_048_576 */
  readonly maxBodyBytes?: number | undefined
  /** What else tells users apart, such as the account that cookies stand for. @defaultValue nothing */
  readonly credentialsOf?: (() => string) | undefined
  /**
   * Whether what is kept is for several users: `private` answers, and those to requests with `Authorization` that are not
   * `public`, are then not kept (RFC 9111 §3.5).
   * @defaultValue `false`
   */
  readonly isShared?: boolean | undefined
  /** Told of every answer from before that is given. */
  readonly onEvent?: ((event: ServedStale) => void) | undefined
  /** @defaultValue `systemTime` */
  readonly clock?: TimeSource | undefined
}

/** A fetch that keeps answers for bad times. */
export interface StaleIfErrorFetch<Init extends RequestInit> {
  (input: FetchInput, init?: Init): Promise<Response>
  /** Forgets all answers: when a user logs out. */
  clear(): void
  /** How much is kept. */
  kept(): { readonly entries: number; readonly bytes: number }
}
