import type { Loss } from './loss.ts'

/** What a server, or an operator, tells its clients about coming back. */
export interface Advice {
  /** How long to stay away at least. */
  readonly retryAfterMs?: number | undefined
  /** How wide to spread the dials: 1.1 × clients ÷ dials the server can take per ms. */
  readonly windowMs?: number | undefined
  /** Replaces the connection at some instant within this time, with `rotation`; without, it changes nothing. */
  readonly rotateWithinMs?: number | undefined
}

const isTime = (value: unknown): value is number => typeof value === 'number' && value >= 0

/**
 * Reads the advice in the reason of a Close frame: JSON such as `{"retryAfterMs":5000,"windowMs":60000}`.
 * All else is no advice.
 */
function closeReasonAdvice(reason: string): Advice {
  if (!reason.startsWith('{')) return {}
  try {
    const { retryAfterMs, windowMs } = JSON.parse(reason)
    return {
      retryAfterMs: isTime(retryAfterMs) ? retryAfterMs : undefined,
      windowMs: isTime(windowMs) ? windowMs : undefined,
    }
  } catch {
    return {}
  }
}

/** The advice that came with an end, in the reason of its Close frame or in the answer to its handshake. */
export function adviceOf({ cause, reason, retryAfterMs }: Loss): Advice {
  return cause === 'server' ? closeReasonAdvice(reason) : { retryAfterMs }
}
