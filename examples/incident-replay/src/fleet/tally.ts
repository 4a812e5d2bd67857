/** What a fleet has done since the start. */
export interface Tally {
  /** Calls begun by users, and how they ended. */
  begun: number
  succeeded: number
  failed: number
  /** Requests sent for them. */
  attempts: number
  /** Attempts answered 503, answered 429, given up by a timeout, or broken off by the network. */
  refused: number
  limited: number
  timedOut: number
  broken: number
}

/** Makes a tally of nothing yet. */
export function emptyTally(): Tally {
  return {
    begun: 0,
    succeeded: 0,
    failed: 0,
    attempts: 0,
    refused: 0,
    limited: 0,
    timedOut: 0,
    broken: 0,
  }
}
