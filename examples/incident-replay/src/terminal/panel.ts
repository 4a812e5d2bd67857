import { count, percent, times } from '../report/format.ts'
import type { Timeline } from '../scenario/timeline.ts'
import { bySuccess, colour } from './colour.ts'
import { pad } from './columns.ts'
import type { LiveView } from './live-view.ts'
import { phaseBar } from './phase-bar.ts'
import { sparkline } from './sparkline.ts'

const labelWidth = 19
/** How wide a world's column is, its gap included; three of them and the labels fit in 80. */
const columnWidth = 20
/** How many bars of history fit beside the gap. */
export const historyWidth = columnWidth - 2

type Row = readonly [label: string, cell: (view: LiveView) => string]

/** Draws a run as it is now: the phase on top, then the worlds side by side. */
export function panel(
  timeline: Timeline,
  atMs: number,
  queueDepth: number,
  views: readonly LiveView[],
): string {
  const rows: readonly Row[] = [
    ['', ({ title }) => colour.strong(title)],
    ['success now', ({ success }) => bySuccess(success, percent(success))],
    ['', ({ success, successHistory }) => bySuccess(success, sparkline(successHistory))],
    ['attempts per call', ({ attemptsPerCall }) => times(attemptsPerCall)],
    ['server queue', ({ queued }) => `${queued} of ${queueDepth}`],
    ['sockets connected', ({ connected }) => count(connected)],
    ['refused (503)', ({ refused }) => count(refused)],
    ['limited (429)', ({ limited }) => count(limited)],
    ['timed out', ({ timedOut }) => count(timedOut)],
  ]
  const width = labelWidth + columnWidth * views.length - 2
  const lines = rows.map(([label, cell]) =>
    [
      colour.quiet(pad(label, labelWidth)),
      ...views.map((view) => pad(cell(view), columnWidth)),
    ].join(''),
  )
  return ['', ...phaseBar(timeline, atMs, width), '', ...lines, ''].join('\n')
}
