import { count } from './count.ts'
import { decimalMs } from './decimal-ms.ts'
import { fieldItems } from './field-items.ts'
import type { HeadersLike } from './headers-like.ts'
import { prefixedQuota } from './prefixed-quota.ts'
import type { RateLimitQuota } from './quota.ts'
import { resetAfter } from './reset-after.ts'

/**
 * Reads the `RateLimit` field of draft-ietf-httpapi-ratelimit-headers-10 (and -07's `limit=100, remaining=50, reset=5`),
 * with what `RateLimit-Policy` says of the same policy.
 *
 * Of several policies the most restrictive counts: the least remaining, then the longest reset. A quota counted in
 * anything but requests matters only once it is used up. One malformed member drops the field, as the draft asks.
 */
export function rateLimitField(headers: HeadersLike, nowMs: number): RateLimitQuota | undefined {
  const field = headers.get('ratelimit')
  if (!field) return undefined
  const isList = field.includes('"')
  // -07 is a Dictionary: read as the parameters of one item without a name.
  const items = fieldItems(isList ? field : `"";${field.replaceAll(',', ';')}`)
  const policies = fieldItems(headers.get('ratelimit-policy') ?? '')
  let tightest: RateLimitQuota | undefined
  for (const item of items ?? []) {
    const name = item.get('') as string
    const remaining = count(item.get(isList ? 'r' : 'remaining'))
    const reset = item.get(isList ? 't' : 'reset')
    const resetAfterMs = resetAfter(reset, nowMs, headers)
    if (name[0] !== '"' || remaining === undefined) return undefined
    if (reset && (count(reset) === undefined || resetAfterMs === undefined)) return undefined
    // -07 names a policy by its limit: `RateLimit-Policy: 100;w=10`.
    const limit = isList ? undefined : item.get('limit')
    const policy = policies?.find((candidate) => candidate.get('') === (limit ?? name))
    const isRequests = (policy?.get('qu') ?? '"requests"') === '"requests"'
    const rank = remaining - (tightest?.remaining ?? Infinity)
    if (
      (isRequests || !remaining) &&
      (rank < 0 || (!rank && (resetAfterMs ?? 0) > (tightest?.resetAfterMs ?? 0)))
    ) {
      tightest = {
        limit: isRequests ? count(limit ?? policy?.get('q')) : undefined,
        remaining,
        resetAfterMs,
        windowMs: decimalMs(policy?.get('w')) || undefined,
        policy: name.slice(1, -1).replace(/\\(.)/g, '$1') || undefined,
      }
    }
  }
  return tightest
}

/**
 * Reads the IETF rate limit fields in whichever form a server sends them: `RateLimit` (draft -07 and later), else
 * `RateLimit-Limit`, `-Remaining` and `-Reset` (draft -06 and earlier; the reset's unit by magnitude, see `resetAfter`).
 *
 * @param nowMs - wall time in epoch milliseconds
 */
export function rateLimitFields(headers: HeadersLike, nowMs: number): RateLimitQuota | undefined {
  return rateLimitField(headers, nowMs) ?? prefixedQuota(headers, nowMs, 'ratelimit-', false)
}
