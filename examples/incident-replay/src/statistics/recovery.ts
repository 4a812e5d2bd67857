import type { CallRecord } from '../fleet/call-record.ts'
import { callStats, type Span } from './call-stats.ts'

const stepMs = 5_000
const windowMs = 60_000

/**
 * Gives the first instant of a span from which on more than `above` of the calls succeed, in the minute that
 * follows and to the span's end; `undefined` when there is none, or when the span's last minute is below it.
 */
export function recoveredAtMs(
  records: readonly CallRecord[],
  { startMs, endMs }: Span,
  above = 0.99,
): number | undefined {
  const isAbove = (span: Span) => (callStats(records, span).successRatio ?? 0) > above
  if (!isAbove({ startMs: Math.max(startMs, endMs - windowMs), endMs })) return undefined
  for (let atMs = startMs; atMs < endMs; atMs += stepMs) {
    const next = { startMs: atMs, endMs: Math.min(endMs, atMs + windowMs) }
    if (isAbove(next) && isAbove({ startMs: atMs, endMs })) return atMs
  }
  return undefined
}
