/** Who shares the limit that was hit, in Discord's words. */
export type RateLimitScope = 'user' | 'global' | 'shared'

/** What a response says about a quota; what it doesn't say, or says badly, is `undefined`. */
export interface RateLimitQuota {
  /** Requests allowed in a window. */
  readonly limit?: number | undefined
  /** Requests left in this window. */
  readonly remaining?: number | undefined
  /** Milliseconds until more quota. It is a wait only when `remaining` is 0 or unknown. */
  readonly resetAfterMs?: number | undefined
  /** Length of the window in milliseconds. */
  readonly windowMs?: number | undefined
  /** The quota policy's name (IETF `RateLimit`). */
  readonly policy?: string | undefined
  /** The opaque name of a bucket that several routes may share (`X-RateLimit-Bucket`). */
  readonly bucket?: string | undefined
  /** Who shares the limit that was hit; read from refusals only. */
  readonly scope?: RateLimitScope | undefined
  /** Whether the limit for the whole credential was hit; read from refusals only. */
  readonly global?: boolean | undefined
}
