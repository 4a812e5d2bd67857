import { checkNumber } from '@evenkeel/core'

/** How a batch went, as a window may learn from. */
export interface BatchFacts {
  /** How many keys it had. */
  readonly size: number
  /** From its first call until it was sent. */
  readonly gatheredMs: number
  /** From then until its answer. */
  readonly durationMs: number
}

/** Says how long a batch waits for more calls after its first. */
export interface BatchWindow {
  /** The wait of a batch that begins; 0 is the end of this tick. */
  delayMs(): number
  /** Takes in how a batch went. */
  learn(facts: BatchFacts): void
}

/** What {@link adaptiveWindow} can be told. */
export interface AdaptiveWindowOptions {
  /**
   * The share of a round trip that a call may wait for others.
   * @defaultValue 0.1: nobody notices a tenth more
   */
  readonly roundTripRatio?: number | undefined
  /** @defaultValue 50: half of what people notice as a delay (Nielsen's 100 ms) */
  readonly maxDelayMs?: number | undefined
}

/** The weight of the latest round trip, as in TCP's estimate (RFC 6298 §2). */
const gain = 1 / 8

/** What an adaptive window has seen. */
export interface WindowState {
  /** The smoothed round trip. */
  durationMs: number
  /** The smoothed rate at which calls come while a batch gathers or is under way. */
  keysPerMs: number
}

/** How long to gather: a share of the round trip, and not at all unless another call is likely to come in that time. */
export function gatherMs(
  { durationMs, keysPerMs }: WindowState,
  roundTripRatio: number,
  maxDelayMs: number,
): number {
  const delayMs = Math.min(maxDelayMs, durationMs * roundTripRatio)
  return keysPerMs * delayMs >= 1 ? delayMs : 0
}

/**
 * A window that grows with the round trip and the load: on a fast network, or when calls are rare, a
 * batch is sent at the end of the tick; on a slow one under load it gathers for a tenth of what the
 * answer will take anyway.
 *
 * @throws `RangeError` for a bad option
 */
export function adaptiveWindow({
  roundTripRatio = 0.1,
  maxDelayMs = 50,
}: AdaptiveWindowOptions = {}): BatchWindow {
  checkNumber('adaptiveWindow', 'roundTripRatio', roundTripRatio, 0)
  checkNumber('adaptiveWindow', 'maxDelayMs', maxDelayMs, 0)
  const state: WindowState = { durationMs: 0, keysPerMs: 0 }
  return {
    delayMs: () => gatherMs(state, roundTripRatio, maxDelayMs),
    learn({ size, gatheredMs, durationMs }) {
      const weight = state.durationMs ? gain : 1
      state.durationMs += weight * (durationMs - state.durationMs)
      const keysPerMs = size / Math.max(1, gatheredMs + durationMs)
      state.keysPerMs += weight * (keysPerMs - state.keysPerMs)
    },
  }
}
