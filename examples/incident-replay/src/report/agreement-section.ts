import { comparedFigures, written, writtenRange } from './agreement-text.ts'
import { escapeHtml } from './escape-html.ts'
import type { Report } from './report.ts'

/** What was simulated beside what was measured, as a table. */
export function agreementSection({ agreement, worlds }: Report): string {
  if (!agreement) return ''
  const heads = worlds.map(
    ({ name, title }) =>
      `<th scope="colgroup" colspan="3" class="${name}">${escapeHtml(title)}</th>`,
  )
  const units = worlds.map(
    () => '<th scope="col">simulated</th><th scope="col">real</th><th scope="col">ratio</th>',
  )
  const rows = agreement.figures.map(({ figure, pairs }) => {
    const [label] = comparedFigures[figure]
    const cells = pairs.map(
      (pair) =>
        `<td title="${agreement.seeds} seeds: ${escapeHtml(writtenRange(figure, pair))}">${written(figure, pair.simulated)}</td><td class="${pair.agrees ? 'good' : 'fair'}">${written(figure, pair.real)}</td><td>${pair.ratio?.toFixed(2) ?? '–'}</td>`,
    )
    return `<tr${label.startsWith(' ') ? ' class="part"' : ''}><th scope="row">${escapeHtml(label.trim())}</th>${cells.join('')}</tr>`
  })
  return `<section><h2>Simulation and reality</h2><p>${escapeHtml(agreement.sentence)} Simulated by @evenkeel/storm-lab: the same code of the same apps, the same scenario and size, on virtual time.</p>
<div class="scroll" tabindex="0"><table class="figures"><thead><tr><td></td>${heads.join('')}</tr><tr><td></td>${units.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`
}
