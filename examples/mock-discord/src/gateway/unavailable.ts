import type { ApiReply } from '../stage.ts'

/** Whole seconds, rounded up as a delay that is too short helps nobody. */
export const seconds = (ms: number): string => String(Math.ceil(ms / 1_000))

/** Gives the gateway's 503, with the time at which to come back if that is known. */
export function unavailable(retryAfterMs?: number): ApiReply {
  return {
    status: 503,
    headers: {
      'content-type': 'application/json',
      ...(retryAfterMs !== undefined && { 'retry-after': seconds(Math.max(1, retryAfterMs)) }),
    },
    body: JSON.stringify({ message: '503: Service Unavailable', code: 0 }),
  }
}
