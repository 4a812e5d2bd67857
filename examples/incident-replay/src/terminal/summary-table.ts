import { summaryRows } from '../report/summary-rows.ts'
import type { WorldSummary } from '../statistics/world-summary.ts'
import { bySuccess, colour } from './colour.ts'
import { pad } from './columns.ts'

const labelWidth = 30
const columnWidth = 17

/** The figures of the worlds side by side. */
export function summaryTable(summaries: readonly WorldSummary[]): string {
  const line = (label: string, cells: readonly string[]) =>
    pad(label, labelWidth) + cells.map((cell) => pad(cell, columnWidth, 'left')).join('')
  const rule = colour.quiet('─'.repeat(labelWidth + columnWidth * summaries.length))
  const rows = summaryRows.map(({ label, cell, success }) =>
    line(
      label,
      summaries.map((summary) =>
        success ? bySuccess(success(summary), cell(summary)) : cell(summary),
      ),
    ),
  )
  const head = line(
    '',
    summaries.map(({ title }) => colour.strong(title)),
  )
  return [head, rule, ...rows, rule].join('\n')
}
