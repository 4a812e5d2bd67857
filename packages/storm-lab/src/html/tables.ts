import type { Report } from '../report/report.ts'
import { cellOf, rowsFor } from '../summary/cell.ts'
import type { Fleet } from '../summary/fleets.ts'
import { clockTime, percent, times } from '../summary/format.ts'
import { namedPhases } from '../summary/phases.ts'
import { coloursOf } from './colours.ts'
import { escapeHtml } from './escape-html.ts'

function heads(names: readonly string[], span = 1): string {
  const colours = coloursOf(names)
  return names
    .map(
      (name, at) =>
        `<th scope="col"${span > 1 ? ` colspan="${span}"` : ''} class="fleet" style="--fleet:var(--c${colours[at]})">${escapeHtml(name)}</th>`,
    )
    .join('')
}

function table(label: string, head: string, body: readonly string[]): string {
  return `<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table class="figures"><thead><tr><td></td>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`
}

/** The figures that contenders are compared by. */
export function metricsTable(fleets: readonly Fleet[]): string {
  const body = rowsFor(fleets).map((row) => {
    const cells = fleets.map((fleet) => {
      const { text, verdict } = cellOf(row, fleet)
      // The span of several seeds has a line of its own where there is little room.
      const html = escapeHtml(text).replace(/ (\(.*\))$/, ' <span class="span">$1</span>')
      return `<td${verdict ? ` class="${verdict}"` : ''}>${html}</td>`
    })
    const isPart = row.label.startsWith(' ') ? ' class="part"' : ''
    return `<tr${isPart}><th scope="row">${escapeHtml(row.label.trim())}<small>${escapeHtml(row.about)}</small></th>${cells.join('')}</tr>`
  })
  return table('Figures', heads(fleets.map(({ name }) => name)), body)
}

/** Success and attempts in each phase. */
export function phaseTable(report: Report): string {
  const { contenders } = report
  const figures = (at: number, name: string) =>
    contenders[at]?.phases.find((phase) => phase.name === name)
  const shown = namedPhases(report).filter(({ name }) => figures(0, name))
  const phases = [
    { name: 'before', fromMs: 0, toMs: report.scenario.trigger[0] },
    ...shown,
    { name: 'after', fromMs: report.scenario.trigger[1], toMs: report.scenario.durationMs },
  ]
  const body = phases.map(({ name, fromMs, toMs }) => {
    const cells = contenders.map((_, at) => {
      const phase = figures(at, name)
      return `<td>${percent(phase?.successRatio ?? null)} <span class="per">${times(phase?.attemptsPerCall ?? null)}×</span></td>`
    })
    return `<tr><th scope="row">${escapeHtml(name)}<small>${clockTime(fromMs)} to ${clockTime(toMs)}</small></th>${cells.join('')}</tr>`
  })
  return table('Phases', heads(contenders.map(({ name }) => name)), body)
}
