/**
 * Decides, from how calls ended, when a circuit opens; made by {@link consecutiveFailures} and its like.
 * It keeps nothing itself: what it remembers of a key is numbers that it is handed.
 */
export interface Trip {
  /** Whether it wants to know when each call ended, which costs a look at the clock. */
  readonly timed: boolean
  /** From how long on a call counts as slow; `Infinity` when it doesn't mind. */
  readonly slowMs: number
  /** How many numbers it remembers of a key. */
  readonly size: number
  /**
   * Takes in how one call ended; returns why the circuit should open, if it should. Its numbers are those
   * of `memory` from `at` on, all 0 before the first call.
   */
  record(
    memory: TripMemory,
    at: number,
    failed: boolean,
    durationMs: number,
    nowMs: number,
  ): string | undefined
}

/** What is remembered of a key; of a million keys it may lie in one array. */
export type TripMemory = number[] | Float64Array
