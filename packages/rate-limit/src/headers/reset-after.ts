import { decimalMs } from './decimal-ms.ts'
import type { HeadersLike } from './headers-like.ts'
import { httpDate } from './http-date.ts'

/**
 * Reads a `…-Reset` field as milliseconds from now, its unit told by its magnitude:
 *
 * - below 10⁹: seconds from now (10⁹ s is 31 years);
 * - from 10⁹ to 10¹¹: epoch seconds (the years 2001 to 5138), decimals allowed;
 * - from 10¹¹: epoch milliseconds (10¹¹ ms is 1973; 13 digits at most).
 *
 * An epoch counts from the response's own `Date`, as in `retryAfter`; one that has passed is 0.
 */
export function resetAfter(
  value: string | null | undefined,
  nowMs: number,
  headers: HeadersLike,
): number | undefined {
  const ms = decimalMs(value)
  if (ms === undefined || ms < 1e12) return ms
  const serverNowMs = httpDate(headers.get('date'), nowMs) ?? nowMs
  return Math.max(0, Math.ceil((ms < 1e14 ? ms : ms / 1000) - serverNowMs))
}
