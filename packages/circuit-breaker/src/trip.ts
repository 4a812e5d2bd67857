/** Decides, from how calls ended, when a circuit opens; made by {@link consecutiveFailures} and its like. */
export interface Trip {
  /** Whether its memory wants to know when each call ended, which costs a look at the clock. */
  readonly timed: boolean
  /** From how long on a call counts as slow; `Infinity` when it doesn't mind. */
  readonly slowMs: number
  /** Starts the memory of one key, when its first call ends. */
  create(): TripMemory
}

/** What a {@link Trip} remembers of one key. */
export interface TripMemory {
  /** Takes in how one call ended; returns why the circuit should open, if it should. */
  record(failed: boolean, durationMs: number, nowMs: number): string | undefined
}
