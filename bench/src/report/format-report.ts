import { formatCell } from './format-cell.ts'
import type { Report, Table } from './report.ts'

/** Writes a report in Markdown that can also be read as it is. */
export function formatReport({ suite, title, notes, tables }: Report): string {
  return [`## ${suite}: ${title}`, ...notes, ...tables.map(formatTable)].join('\n\n')
}

function formatTable({ columns, rows }: Table): string {
  const lines = [columns, ...rows].map((row) => row.map(formatCell))
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0), 4))
  const format = (line: readonly string[]): string =>
    `| ${widths.map((width, at) => (at ? (line[at] ?? '').padStart(width) : (line[at] ?? '').padEnd(width))).join(' | ')} |`
  const rule = `| ${widths.map((width, at) => (at ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))).join(' | ')} |`
  return [format(lines[0] as string[]), rule, ...lines.slice(1).map(format)].join('\n')
}
