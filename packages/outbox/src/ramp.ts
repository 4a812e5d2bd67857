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

/** A recovery ramp, as data: when it began, and when the next send may start. */
export interface Ramp {
  readonly fromMs: number
  readonly nextAtMs: number
}

/** A ramp for what has waited until now. */
export function newRamp(nowMs: number, { startWindowMs }: ReplayRules, random: Random): Ramp {
  const fromMs = nowMs + random() * startWindowMs
  return { fromMs, nextAtMs: fromMs }
}

/** The ramp after a send started. */
export function climb(
  { fromMs }: Ramp,
  nowMs: number,
  { startGapMs, halveMs, minGapMs }: ReplayRules,
  random: Random,
): Ramp {
  const gapMs = Math.max(minGapMs, startGapMs / 2 ** ((nowMs - fromMs) / halveMs))
  return { fromMs, nextAtMs: nowMs + (0.5 + random()) * gapMs }
}
