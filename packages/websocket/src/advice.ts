/** What a server, or an operator, tells its clients about coming back. */
export interface Advice {
  /** How long to stay away at least. */
  readonly retryAfterMs?: number | undefined
  /** How wide to spread the dials: 1.1 × clients ÷ dials the server can take per ms. */
  readonly windowMs?: number | undefined
  /** Replaces the connection at some instant within this time, with `rotation`; without, it changes nothing. */
  readonly rotateWithinMs?: number | undefined
}

const timeOf = (value: unknown): number | undefined =>
  typeof value === 'number' && value >= 0 ? value : undefined

/**
 * Reads the advice in the reason of a Close frame: JSON such as `{"retryAfterMs":5000,"windowMs":60000}`.
 * All else is no advice.
 */
export function adviceIn(reason: string): Advice {
  try {
    const { retryAfterMs, windowMs } = JSON.parse(reason)
    return { retryAfterMs: timeOf(retryAfterMs), windowMs: timeOf(windowMs) }
  } catch {
    return {}
  }
}
