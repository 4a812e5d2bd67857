import type { CallRecord } from '../fleet/call-record.ts'
import { isWithin, type Span } from './call-stats.ts'

const windowMs = 60_000

/** Gives the highest ratio of attempts sent to calls begun in any whole minute of a span. */
export function peakAttemptsPerCall(
  records: readonly CallRecord[],
  sentAtMs: readonly number[],
  { startMs, endMs }: Span,
): number {
  let peak = 0
  for (let atMs = startMs; atMs < endMs; atMs += windowMs) {
    const minute = { startMs: atMs, endMs: Math.min(endMs, atMs + windowMs) }
    const calls = records.filter((record) => isWithin(minute, record.atMs)).length
    const sent = sentAtMs.filter((ms) => isWithin(minute, ms)).length
    if (calls > 0) peak = Math.max(peak, sent / calls)
  }
  return peak
}
