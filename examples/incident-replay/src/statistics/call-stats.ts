import type { CallRecord } from '../fleet/call-record.ts'
import { quantile } from './quantile.ts'

/** What became of some calls; latencies in ms of the scenario, of those that succeeded. */
export interface CallStats {
  readonly calls: number
  readonly attemptsPerCall: number | undefined
  readonly successRatio: number | undefined
  /** The share of calls that the client itself refused: nothing was sent for them. */
  readonly heldBackRatio: number | undefined
  readonly p50Ms: number | undefined
  readonly p99Ms: number | undefined
}

/** A stretch of the scenario, `endMs` excluded. */
export interface Span {
  readonly startMs: number
  readonly endMs: number
}

/** Tells whether an instant lies in a span. */
export const isWithin = ({ startMs, endMs }: Span, atMs: number): boolean =>
  atMs >= startMs && atMs < endMs

/** Sums up the calls that began within a span. */
export function callStats(records: readonly CallRecord[], span: Span): CallStats {
  const calls = records.filter(({ atMs }) => isWithin(span, atMs))
  const durations = calls.flatMap(({ ok, durationMs = 0 }) => (ok ? [durationMs] : []))
  const attempts = calls.reduce((sum, call) => sum + call.attempts, 0)
  return {
    calls: calls.length,
    attemptsPerCall: calls.length > 0 ? attempts / calls.length : undefined,
    successRatio: calls.length > 0 ? durations.length / calls.length : undefined,
    heldBackRatio:
      calls.length > 0
        ? calls.filter(({ attempts, ok }) => attempts === 0 && !ok).length / calls.length
        : undefined,
    p50Ms: quantile(durations, 0.5),
    p99Ms: quantile(durations, 0.99),
  }
}
