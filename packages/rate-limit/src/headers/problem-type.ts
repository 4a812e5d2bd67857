/** Why a server refused, by draft-ietf-httpapi-ratelimit-headers-10 § 5. */
export type RateLimitProblem =
  | 'quota-exceeded'
  | 'temporary-reduced-capacity'
  | 'abnormal-usage-detected'

/**
 * Reads which of the three rate limit problem types (RFC 9457) a parsed `application/problem+json` body has.
 * It takes parsed JSON, not text, because whoever reads a body should bound it first and parse it once.
 */
export function problemType(body: unknown): RateLimitProblem | undefined {
  const type = (body as { type?: unknown } | null | undefined)?.type
  if (typeof type !== 'string') return undefined
  return /^https?:\/\/(?:www\.)?iana\.org\/assignments\/http-problem-types#(quota-exceeded|temporary-reduced-capacity|abnormal-usage-detected)$/.exec(
    type,
  )?.[1] as RateLimitProblem | undefined
}
