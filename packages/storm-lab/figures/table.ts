import type { StormMetrics } from '../src/index.ts'

/** Prints rows as a table of Markdown. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((cell, at) =>
    Math.max(cell.length, ...rows.map((row) => row[at]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  console.log(line(head))
  console.log(line(widths.map((width) => '-'.repeat(width))))
  for (const row of rows) console.log(line(row))
}

/** A ratio in per cent. */
export function percent(ratio: number | null): string {
  return ratio === null ? '–' : `${(100 * ratio).toFixed(ratio > 0.99 ? 2 : 1)} %`
}

/** Milliseconds in seconds. */
export function inSeconds(ms: number | null): string {
  return ms === null ? '–' : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 0)} s`
}

/** How long it took to be well again. */
export function recovery({ recoveryMs }: StormMetrics): string {
  return recoveryMs === null ? 'never' : `${recoveryMs / 1000} s`
}

/** A plain number. */
export function number(value: number | null): string {
  return value === null ? '–' : value.toFixed(2)
}
