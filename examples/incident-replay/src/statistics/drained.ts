import type { ServerSample } from '../run/messages.ts'
import type { Span } from './call-stats.ts'

/** What counts as a queue that has filled up again, beside the longest it was. */
const refilledRatio = 0.1

/** Gives the moment within a span at which a server's queue was empty for good; `undefined` when it never was. */
export function drainedAtMs(
  samples: readonly ServerSample[],
  { startMs, endMs }: Span,
): number | undefined {
  const longest = Math.max(0, ...samples.map(({ queued }) => queued))
  const within = samples.filter(({ atMs }) => atMs >= startMs && atMs < endMs)
  const full = within.findLastIndex(({ queued }) => queued > longest * refilledRatio)
  return within.slice(full + 1).find(({ queued }) => queued === 0)?.atMs
}
