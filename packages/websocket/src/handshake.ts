/** What a refused handshake says. */
export interface Handshake {
  readonly status: number
  readonly retryAfterMs: number | undefined
}

/** What `ws` gives up by it. */
export interface Destroyable {
  destroy(): void
}

/** The answer to a handshake, as `ws` tells it. */
export interface Refusal {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string | undefined>>
}

/** Reads a handshake that was answered with something else than 101. */
export function handshakeOf({ statusCode, headers }: Refusal, wallNowMs: number): Handshake {
  return { status: statusCode, retryAfterMs: retryAfterMs(headers, wallNowMs) }
}

/** Retry-After in seconds or as a date, by the server's own clock (RFC 9110 §10.2.3); the strict reader of @evenkeel/rate-limit is too large for here. */
function retryAfterMs(
  { 'retry-after': value = '', date = '' }: Refusal['headers'],
  wallNowMs: number,
): number | undefined {
  const nowMs = Date.parse(date) || wallNowMs
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - nowMs
  return ms >= 0 ? ms : undefined
}
