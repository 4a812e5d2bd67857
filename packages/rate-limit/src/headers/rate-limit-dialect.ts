import type { HeadersLike } from './headers-like.ts'

/** The families of rate limit fields, each by the field that tells it, in order of precedence. */
export const RATE_LIMIT_DIALECTS = [
  'ratelimit',
  'ratelimit-remaining',
  'x-ratelimit-remaining',
  'x-rate-limit-remaining',
] as const

/** A family of rate limit fields, by the field that tells it. */
export type RateLimitDialect = (typeof RATE_LIMIT_DIALECTS)[number]

/**
 * Tells which family of fields a response has.
 *
 * One to four calls of `get` and nothing else: the first check of a response that succeeded. A server keeps to its
 * family, so whoever remembers the answer pays for one.
 */
export function rateLimitDialect(headers: HeadersLike): RateLimitDialect | undefined {
  return RATE_LIMIT_DIALECTS.find((field) => headers.get(field))
}
