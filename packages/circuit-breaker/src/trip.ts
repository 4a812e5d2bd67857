/**
 * Decides, from how calls ended, when a circuit opens; made by {@link consecutiveFailures} and its like.
 * It keeps nothing itself: what it remembers of a key is numbers that it is handed.
 */
export interface Trip {
  /** From how long on a call counts as slow; `Infinity` when it doesn't mind. */
  readonly slowMs: number
  /** How many numbers it remembers of a key. */
  readonly size: number
  /** Whether it wants to know when a success ended that comes next, which costs a look at the clock; of failures it always knows. */
  isTimed(memory: TripMemory, at: number): boolean
  /**
   * Takes in how one call ended; returns why the circuit should open, if it should. Its numbers are those
   * of `memory` from `at` on, all 0 before the first call. `nowMs` is 0 for a success of no time.
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
export type TripMemory = number[] | Float64Array | Uint32Array
