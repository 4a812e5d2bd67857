/** What a refused handshake says. */
export interface Handshake {
  readonly status: number
  readonly retryAfterMs: number | undefined
}

interface Refusal {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string | undefined>>
}

/** The listener of `ws` for a handshake that was answered with something else than 101. */
export function refusalListener(
  wallNow: () => number,
  onRefused: (handshake: Handshake) => void,
): (request: { destroy(): void }, response: Refusal) => void {
  return (request, { statusCode, headers }) => {
    // With a listener in place, ws leaves the request to it.
    request.destroy()
    onRefused({ status: statusCode, retryAfterMs: retryAfterMs(headers, wallNow) })
  }
}

/** Retry-After in seconds or as a date, by the server's own clock (RFC 9110 §10.2.3); the strict reader of @evenkeel/rate-limit is too large for here. */
function retryAfterMs(
  { 'retry-after': value = '', date = '' }: Refusal['headers'],
  wallNow: () => number,
): number | undefined {
  const nowMs = Date.parse(date) || wallNow()
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - nowMs
  return ms >= 0 ? ms : undefined
}
