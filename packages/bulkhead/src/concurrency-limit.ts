/** How many calls of one key may be under way: plain numbers, no promise, no clock of its own. */
export interface ConcurrencyLimit {
  /** How many now; its whole part counts. */
  readonly value: number
  /**
   * Takes in how a call ended: whether it failed as calls to a server that is unwell do, how long it
   * took, and how many were under way when it ended, itself included. A limit that never moves has none.
   */
  ended?(failed: boolean, durationMs: number, inFlight: number): void
}

/** Makes the limit of a key: `aimd()`, `gradient()`, or one of your own. */
export type LimitFactory = () => ConcurrencyLimit

/** Where an adaptive limit begins, and what it stays within. */
export interface AdaptiveLimitOptions {
  /** @defaultValue 10, as a fixed one */
  readonly initial?: number | undefined
  /** @defaultValue 1: one call at a time is how a server's recovery is noticed */
  readonly min?: number | undefined
  /** @defaultValue 100: as many streams as any HTTP/2 server should allow (RFC 9113 §6.5.2) */
  readonly max?: number | undefined
}
