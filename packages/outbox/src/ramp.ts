import type { Random } from '@evenkeel/core'

/** How what has waited is sent: never all at once. */
export interface ReplayOptions {
  /**
   * The first send comes somewhere in this time.
   * @defaultValue 1000: what ends a wait, such as a network that is back, is mostly this client's alone; waits
   * after a server's failure have a spread of their own
   */
  readonly startWindowMs?: number | undefined
  /** The time between the first two sends; each is jittered by a half. @defaultValue 1000 */
  readonly startGapMs?: number | undefined
  /** In which time it halves. @defaultValue 5000, the length of the circuit breaker's ramp */
  readonly halveMs?: number | undefined
  /** The least it comes to, until nothing waits any more. @defaultValue 50 */
  readonly minGapMs?: number | undefined
}

/** The same, complete. */
export type ReplayRules = { readonly [K in keyof Required<ReplayOptions>]: number }

/** A recovery ramp: when it began, and when the next send may start. */
export interface Ramp {
  readonly fromMs: number
  nextAtMs: number
}

/** The time from a send to the next, when so much of the ramp is over. */
export function gapMs(
  elapsedMs: number,
  { startGapMs, halveMs, minGapMs }: ReplayRules,
  random: Random,
): number {
  return (0.5 + random()) * Math.max(minGapMs, startGapMs / 2 ** (elapsedMs / halveMs))
}
