import type { Priority } from '@evenkeel/core'
import type { OutboxEntry } from '../entry.ts'
import type { OutboxOptions, Resolution } from '../options.ts'
import type { StoredRequest } from './stored-request.ts'

/** Sends a request; a fetch of `createFetch` heeds `evenkeel`, others don't mind it. */
export type SendRequest = (
  input: string,
  init: RequestInit & {
    readonly evenkeel?: {
      readonly priority?: Priority
      readonly idempotent?: boolean
      readonly isRetried?: boolean
    }
  },
) => Promise<Response>

/** A stored request to which the server answered 409 or 412. */
export interface Conflict {
  readonly entry: OutboxEntry<StoredRequest>
  /** To be read, for what the server has instead. */
  readonly response: Response
}

/** How a request that was sent at once ended: with an answer, or an error. */
export interface Outcome {
  readonly response?: Response
  readonly error?: unknown
}

/** How idempotency keys are written; as `IdempotencyOptions` of `@evenkeel/fetch`. */
export interface KeyHeader {
  /** @defaultValue `'Idempotency-Key'` (draft-ietf-httpapi-idempotency-key-header) */
  readonly header?: string | undefined
  /** `quoted` is the draft's structured-field string; `bare` is what Stripe and others read. @defaultValue `'quoted'` */
  readonly format?: 'quoted' | 'bare' | undefined
}

/** What `outboxFetch` can be told, besides what an outbox can. */
export interface OutboxFetchOptions
  extends Omit<OutboxOptions<StoredRequest, Response>, 'isFinal'> {
  /** What sends. @defaultValue the platform's `fetch`, looked up at each call */
  readonly fetch?: SendRequest | undefined
  /** What relative URLs are relative to. @defaultValue the page, where there is one */
  readonly baseUrl?: string | URL | undefined
  /** Headers for what is sent from the store, asked for at each send: today's token. @defaultValue none */
  readonly headers?:
    | ((request: StoredRequest) => HeadersInit | PromiseLike<HeadersInit>)
    | undefined
  /**
   * Whether a header is stored.
   * @defaultValue all but `Authorization`, `Cookie` and what is named a token, key or secret: a disk is no place for credentials
   */
  readonly shouldStoreHeader?: ((header: { readonly name: string }) => boolean) | undefined
  /** What has an order of its own. @defaultValue the URL without query and fragment */
  readonly lane?:
    | ((request: { readonly method: string; readonly url: string }) => string)
    | undefined
  /**
   * Whether what was sent at once, and ended so, is stored to be sent later.
   * @defaultValue what never reached the server, such as an open circuit says; and when fetch failed without an answer, if a
   * key makes it safe to repeat
   */
  readonly shouldStore?: ((outcome: Outcome) => boolean) | undefined
  /** What to do when the server answers 409 or 412 to a stored request. @defaultValue what `resolution` says */
  readonly conflict?:
    | ((conflict: Conflict) => Resolution<StoredRequest> | PromiseLike<Resolution<StoredRequest>>)
    | undefined
  /** How idempotency keys are written. */
  readonly idempotency?: KeyHeader | undefined
}
