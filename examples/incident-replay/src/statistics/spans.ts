import type { Timeline } from '../scenario/timeline.ts'
import type { Span } from './call-stats.ts'

export interface Spans {
  readonly before: Span
  /** From the first moment of the ramp to the last of the fall. */
  readonly during: Span
  readonly after: Span
  /** The last minute that is counted. */
  readonly end: Span
}

const minuteMs = 60_000

/** The stretches that figures are given for. */
export function spansOf(timeline: Timeline): Spans {
  const calm = timeline.phase('calm')
  const after = timeline.phase('recovery')
  return {
    before: calm,
    during: { startMs: calm.endMs, endMs: after.startMs },
    after,
    end: { startMs: Math.max(after.startMs, after.endMs - minuteMs), endMs: after.endMs },
  }
}
