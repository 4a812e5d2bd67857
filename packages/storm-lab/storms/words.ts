import type { Outcome } from './lab.ts'

/** A number as a person writes it. */
export const number = (value: number | null): string => (value === null ? '–' : value.toFixed(2))

/** A ratio in per cent: finer the closer it is to all. */
export const percent = (ratio: number | null): string =>
  ratio === null ? '–' : `${(100 * ratio).toFixed(ratio > 0.98 && ratio < 1 ? 2 : 0)} %`

export const seconds = (ms: number | null): string =>
  ms === null ? 'never' : `${Math.round(ms / 100) / 10} s`

/** From the least to the most, or one if they are the same. */
export function range(values: readonly number[], write: (value: number) => string): string {
  const [least, most] = [write(Math.min(...values)), write(Math.max(...values))]
  return least === most ? least : `${least.replace(/ (s|%)$/, '')}–${most}`
}

/** How soon several runs were well again. */
export function recoveries(reports: readonly Outcome[]): string {
  const times = reports.map(({ metrics }) => metrics.recoveryMs)
  const well = times.filter((time) => time !== null)
  if (!well.length) return 'never'
  const all = range(well, seconds)
  return well.length === times.length ? all : `${all}, ${well.length} of ${times.length} seeds`
}

/** A table of Markdown; numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, at) =>
    Math.max(cell.length, ...rows.map((row) => row[at]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => (at ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0))).join(' | ')} |`
  const rule = widths.map((width, at) => (at ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)))
  return [line(head), line(rule), ...rows.map(line)].join('\n')
}
