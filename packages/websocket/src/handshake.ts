import { retryAfter } from '@evenkeel/rate-limit'

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
    const retryAfterMs = retryAfter(headers['retry-after'], wallNow(), headers.date)
    onRefused({ status: statusCode, retryAfterMs })
  }
}
