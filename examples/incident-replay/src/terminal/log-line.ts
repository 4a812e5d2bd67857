import { clockTime, percent, times } from '../report/format.ts'
import type { Timeline } from '../scenario/timeline.ts'
import type { LiveView } from './live-view.ts'

/** Says how a run is in one line, for logs. */
export function logLine(timeline: Timeline, atMs: number, views: readonly LiveView[]): string {
  const parts = views.map(
    ({ title, success, attemptsPerCall, queued, connected }) =>
      `${title}: ${percent(success)} ok, ${times(attemptsPerCall)}×, queue ${queued}, ${connected} sockets`,
  )
  return [`${clockTime(atMs)} ${timeline.at(atMs).name.padEnd(5)}`, ...parts].join(' | ')
}
