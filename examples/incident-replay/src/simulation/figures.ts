import type { Span } from '../statistics/call-stats.ts'
import type { Spans } from '../statistics/spans.ts'

/** A run by steps of time, whoever made it: a replay, or a simulation. */
export interface CallSeries {
  readonly calls: readonly (number | null)[]
  readonly attempts: readonly (number | null)[]
  /** Of the calls begun in a step, the part that succeeded in the end. */
  readonly success: readonly (number | null)[]
}

/** What the calls of a replay and of its simulation are compared by; `null` for what never came. */
export interface CallFigures {
  /** Attempts sent in a span for each call begun in it. */
  readonly attemptsInSpike: number | null
  readonly attemptsAfter: number | null
  readonly successInSpike: number | null
  readonly successAfter: number | null
  /** From the end of the spike. */
  readonly recoveredAfterMs: number | null
}

/** The same of their sockets, from their drop on. */
interface SocketFigures {
  readonly socketsBackAfterMs: number | null
  readonly dialsPerUser: number | null
  readonly peakDialsPerSecond: number | null
}

export type Figures = CallFigures & SocketFigures

const least = 0.99
const lastingMs = 60_000

/** Reads off both in the same way what they are compared by. */
export function callFigures(
  series: CallSeries,
  stepMs: number,
  { during, after }: Spans,
): CallFigures {
  const stepsOf = ({ startMs, endMs }: Span) => [startMs / stepMs, endMs / stepMs] as const
  const spike = stepsOf(during)
  const recovery = stepsOf(after)
  const recovered = recoveredAt(series, recovery, lastingMs / stepMs)
  return {
    attemptsInSpike: attemptsPerCall(series, ...spike),
    attemptsAfter: attemptsPerCall(series, ...recovery),
    successInSpike: successRatio(series, ...spike),
    successAfter: successRatio(series, ...recovery),
    recoveredAfterMs: recovered === undefined ? null : (recovered - recovery[0]) * stepMs,
  }
}

/** The first step from which on more than 99 % of the calls succeed, in the next minute and to the end. */
function recoveredAt(
  series: CallSeries,
  [first, end]: readonly [number, number],
  lasting: number,
): number | undefined {
  const isWell = (from: number, to: number) => (successRatio(series, from, to) ?? 0) > least
  if (!isWell(end - lasting, end)) return undefined
  for (let step = first; step < end; step++)
    if (isWell(step, Math.min(end, step + lasting)) && isWell(step, end)) return step
  return undefined
}

function attemptsPerCall({ calls, attempts }: CallSeries, from: number, to: number): number | null {
  const begun = sum(calls, from, to)
  return begun > 0 ? sum(attempts, from, to) / begun : null
}

function successRatio({ calls, success }: CallSeries, from: number, to: number): number | null {
  const begun = sum(calls, from, to)
  const good = calls.map((count, step) => (count ?? 0) * (success[step] ?? 0))
  return begun > 0 ? sum(good, from, to) / begun : null
}

const sum = (values: readonly (number | null)[], from: number, to: number): number =>
  values.slice(from, to).reduce<number>((total, value) => total + (value ?? 0), 0)
