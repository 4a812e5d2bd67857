import type { HeadersLike } from './headers-like.ts'
import { prefixedQuota } from './prefixed-quota.ts'
import type { RateLimitQuota } from './quota.ts'

/**
 * Reads `X-RateLimit-*` in its dialects: GitHub's epoch seconds, Discord's decimals with `-Reset-After`, `-Bucket`,
 * `-Scope` and `-Global`, epoch milliseconds, and deltas (told apart as `resetAfter` says); else `X-Rate-Limit-*`
 * (X, Okta).
 *
 * @param nowMs - wall time in epoch milliseconds
 */
export function xRateLimit(headers: HeadersLike, nowMs: number): RateLimitQuota | undefined {
  return (
    prefixedQuota(headers, nowMs, 'x-ratelimit-', false) ??
    prefixedQuota(headers, nowMs, 'x-rate-limit-', false)
  )
}
