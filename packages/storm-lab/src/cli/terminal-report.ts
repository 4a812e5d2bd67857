import wrapAnsi from 'wrap-ansi'
import type { Report } from '../report/report.ts'
import { cellOf, rowsFor } from '../summary/cell.ts'
import { coarse } from '../summary/coarse.ts'
import { fleetsOf } from '../summary/fleets.ts'
import { count, duration } from '../summary/format.ts'
import { takeHome } from '../summary/take-home.ts'
import { colour, pad } from './colour.ts'

const gap = 2

/** What is printed when a run has ended: its size, the figures side by side, and the one sentence to keep. */
export function terminalReport(reports: readonly Report[]): string {
  const fleets = fleetsOf(reports)
  const { scenario, clients, seed } = reports[0] as Report
  const shown = rowsFor(fleets).filter(({ isBrief }) => isBrief)
  const cells = shown.map((row) => fleets.map((fleet) => cellOf(row, fleet)))
  const labelWidth = Math.max(...shown.map(({ label }) => label.length))
  const widths = fleets.map(({ name }, at) =>
    Math.max(name.length, ...cells.map((row) => row[at]?.text.length ?? 0)),
  )
  const line = (label: string, texts: readonly string[]): string =>
    pad(label, labelWidth) +
    texts.map((text, at) => pad(text, (widths[at] as number) + gap, 'left')).join('')
  const width = labelWidth + widths.reduce((sum, each) => sum + each + gap, 0)
  const rule = colour.quiet('─'.repeat(width))
  const seeds = reports.length > 1 ? `seeds ${seed} to ${reports.at(-1)?.seed}` : `seed ${seed}`
  const note = coarse(reports[0] as Report)
  const textWidth = Math.max(72, Math.min(width, 100))
  const bad = duration(scenario.trigger[1] - scenario.trigger[0])
  return [
    `${colour.strong(scenario.name)}: ${count(clients)} clients, ${duration(scenario.durationMs)} of which ${bad} are bad, ${seeds}`,
    '',
    line(
      '',
      fleets.map(({ name }) => colour.strong(name)),
    ),
    rule,
    ...shown.map(({ label }, row) =>
      line(
        label,
        (cells[row] ?? []).map(({ text, verdict }) => (verdict ? colour[verdict](text) : text)),
      ),
    ),
    rule,
    '',
    colour.strong(wrapAnsi(takeHome(reports), textWidth)),
    ...(note ? ['', wrapAnsi(note, textWidth)] : []),
  ].join('\n')
}
