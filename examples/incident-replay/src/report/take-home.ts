import type { WorldSummary } from '../statistics/world-summary.ts'
import { duration, percent, times } from './format.ts'

/** The run in a sentence, from its figures alone. */
export function takeHome(summaries: readonly WorldSummary[], watchedMs: number): string {
  const outcomes = summaries.map(({ title, end, after, recoveredAfterMs }) =>
    recoveredAfterMs === undefined
      ? `${title} still down ${duration(watchedMs)} later (${percent(end.successRatio)} of calls succeed, ${times(after.attemptsPerCall)} attempts each)`
      : `${title} back above 99 % after ${duration(recoveredAfterMs)}`,
  )
  return `The same server, the same users, the same spike: ${outcomes.join('; ')}.`
}
