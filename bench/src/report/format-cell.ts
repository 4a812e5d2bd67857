import type { Cell } from './report.ts'

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** Writes a figure with three significant digits, thousands with all of theirs. */
export function formatCell(cell: Cell): string {
  if (typeof cell !== 'number') return cell ?? ''
  if (!Number.isFinite(cell)) return '-'
  const size = Math.abs(cell)
  if (size >= 100) return whole.format(cell)
  return size >= 10 ? cell.toFixed(1) : cell.toFixed(2)
}
