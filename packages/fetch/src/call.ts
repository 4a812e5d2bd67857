import type { Priority } from '@evenkeel/core'

/** What fetch takes first. */
export type FetchInput = Parameters<typeof globalThis.fetch>[0]

/** What one call can say of itself: the `evenkeel` field of `init`, which never reaches the network. */
export interface CallOptions {
  /** How much the call matters when not all can be served. @defaultValue `'important'` */
  readonly priority?: Priority | undefined
  /** The failure domain. @defaultValue what `createFetch`'s `key` says: the origin */
  readonly key?: string | undefined
  /** Whether sending it twice does no harm. @defaultValue by method, or when it has an idempotency key */
  readonly idempotent?: boolean | undefined
  /** `true` makes an idempotency key, a string is one; every attempt carries the same. */
  readonly idempotencyKey?: boolean | string | undefined
  /**
   * Whether something around this call tries it again, p-retry or a query library: it is then sent once.
   * @defaultValue `false`, `true` inside another fetch of evenkeel
   */
  readonly isRetried?: boolean | undefined
  /** Milliseconds for the whole call. @defaultValue `createFetch`'s `totalTimeoutMs` */
  readonly totalTimeoutMs?: number | undefined
  /** Milliseconds for one attempt, its body included. @defaultValue `createFetch`'s `attemptTimeoutMs` */
  readonly attemptTimeoutMs?: number | undefined
  /** Milliseconds after which you are told, while the request goes on. @defaultValue `createFetch`'s `softTimeoutMs` */
  readonly softTimeoutMs?: number | undefined
  /** Anything of yours: the events of this call carry it. */
  readonly tag?: unknown
}

/** What fetch takes second, and what the call says of itself. */
export interface ResilientRequestInit extends RequestInit {
  readonly evenkeel?: CallOptions | undefined
}

/** One call as its events and errors name it: no query, no header, no body. */
export interface FetchCall {
  readonly method: string
  /** Without query, fragment, credentials, and segments so long that they must be tokens. */
  readonly url: string
  readonly key: string
  readonly tag: unknown
}
