import { decimalMs } from './decimal-ms.ts'
import { httpDate } from './http-date.ts'

/**
 * Reads `Retry-After` as milliseconds to wait (RFC 9110 § 10.2.3).
 *
 * Takes seconds (decimals too, as some servers send them) and the three HTTP-date forms. A date counts from the
 * response's own `Date`, so that neither clock has to be right; without one, from `nowMs`. A date that has passed
 * is 0. Of several numbers, as when a proxy adds a line of its own, the longest counts. All else, such as `-5`,
 * `1e12`, `120s` or an ISO date, is `undefined`.
 *
 * @param value - the field's value
 * @param nowMs - wall time in epoch milliseconds
 * @param date - the response's `Date` field
 */
export function retryAfter(
  value: string | null | undefined,
  nowMs: number,
  date?: string | null | undefined,
): number | undefined {
  if (!value || value.length > 256) return undefined
  const at = httpDate(value, nowMs)
  if (at !== undefined) return Math.max(0, Math.ceil(at - (httpDate(date, nowMs) ?? nowMs)))
  const longest = Math.max(...value.split(',').map((member) => decimalMs(member) ?? NaN))
  return longest >= 0 ? longest : undefined
}
