import { bodyRetryAfter } from './body-retry-after.ts'
import { decimalMs } from './decimal-ms.ts'
import type { HeadersLike } from './headers-like.ts'
import { prefixedQuota } from './prefixed-quota.ts'
import type { RateLimitQuota } from './quota.ts'
import {
  RATE_LIMIT_DIALECTS,
  type RateLimitDialect,
  rateLimitDialect,
} from './rate-limit-dialect.ts'
import { rateLimitField } from './rate-limit-fields.ts'
import { retryAfter } from './retry-after.ts'

/** What `rateLimitHints` may be told about a response. */
export interface RateLimitHintOptions {
  /**
   * Whether the response succeeded: `Retry-After`, scope and global are then left unread, and so is a quota without a
   * `remaining`.
   *
   * @defaultValue `false`
   */
  readonly ok?: boolean | undefined
  /** The family of fields this server is known to send: the others are left unread, if the response succeeded. */
  readonly dialect?: RateLimitDialect | undefined
  /** The parsed JSON body, for an API that states `retry_after` in it. */
  readonly body?: unknown
}

/** What a response says about when to come back, and how much quota is left. */
export interface RateLimitHints extends RateLimitQuota {
  /** Milliseconds until the server says to come back. */
  readonly retryAfterMs?: number | undefined
  /** Where `retryAfterMs` was read; where there is none, where the quota was. */
  readonly source: 'retry-after' | 'body' | RateLimitDialect
  /** The family the quota was read from. */
  readonly dialect?: RateLimitDialect | undefined
}

/** Most failures say nothing of a quota, and to look at all names takes a fifth of asking for two dozen. */
function mayHaveQuota(headers: HeadersLike): boolean {
  return !headers.keys || /rate-?limit/i.test(`${[...headers.keys()]}`)
}

/**
 * Reads everything a response says about rate limits, by one precedence:
 *
 * 1. `Retry-After`, or `retry_after` in the body if that is longer;
 * 2. `RateLimit; t`, or the reset of the -07 and -06 forms;
 * 3. `X-RateLimit-Reset-After`;
 * 4. `X-RateLimit-Reset`, then `X-Rate-Limit-Reset`.
 *
 * A reset is when quota comes back, so it is a wait only if none remains or the server doesn't say: a 502 with 4,998
 * requests left and a reset in an hour is no reason to wait an hour. Quota fields of a cached response (positive
 * `Age`) are ignored. The quota is all of one family: the first with a reset, else the first there is.
 *
 * @param nowMs - wall time in epoch milliseconds
 * @returns `undefined` if the response says nothing
 */
export function rateLimitHints(
  headers: HeadersLike,
  nowMs: number,
  { ok = false, dialect: known, body }: RateLimitHintOptions = {},
): RateLimitHints | undefined {
  let quota: RateLimitQuota | undefined
  let dialect: RateLimitDialect | undefined
  const only = ok ? (known ?? rateLimitDialect(headers)) : undefined
  if (ok && !only) return undefined
  for (const candidate of only ? [only] : mayHaveQuota(headers) ? RATE_LIMIT_DIALECTS : []) {
    const next =
      candidate === 'ratelimit'
        ? rateLimitField(headers, nowMs)
        : prefixedQuota(headers, nowMs, candidate.slice(0, -9), ok)
    if (next && (!quota || next.resetAfterMs !== undefined)) {
      quota = next
      dialect = candidate
      if (next.resetAfterMs !== undefined) break
    }
  }
  if (quota && decimalMs(headers.get('age'))) quota = dialect = undefined
  const value = ok ? undefined : headers.get('retry-after')
  const header = value ? retryAfter(value, nowMs, headers.get('date')) : undefined
  const stated = bodyRetryAfter(body)
  const isBody = stated !== undefined && stated > (header ?? -1)
  const source = isBody ? 'body' : header === undefined ? dialect : 'retry-after'
  const reset = quota?.remaining ? undefined : quota?.resetAfterMs
  return source && { ...quota, retryAfterMs: (isBody ? stated : header) ?? reset, source, dialect }
}
