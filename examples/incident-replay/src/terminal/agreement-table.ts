import { comparedFigures, written } from '../report/agreement-text.ts'
import type { Report } from '../report/report.ts'
import { colour } from './colour.ts'
import { pad } from './columns.ts'

const labelWidth = 27
const columnWidths = [6, 7, 5] as const

/** What was simulated beside what was measured, world by world. */
export function agreementTable(
  { figures }: NonNullable<Report['agreement']>,
  titles: readonly string[],
): string {
  const cells = (texts: readonly string[]) =>
    texts.map((text, column) => pad(text, columnWidths[column] as number, 'left')).join('')
  const width = columnWidths.reduce((sum, each) => sum + each, 0)
  const head = titles.map((title) => pad(colour.strong(title), width, 'left')).join('')
  const units = titles.map(() => cells(['lab', 'real', '×'])).join('')
  const rows = figures.map(({ figure, pairs }) => {
    const parts = pairs.map(({ simulated, real, ratio, agrees }) => {
      const text = cells([
        written(figure, simulated),
        written(figure, real),
        ratio?.toFixed(2) ?? '–',
      ])
      return agrees ? text : colour.fair(text)
    })
    return pad(comparedFigures[figure][0], labelWidth) + parts.join('')
  })
  return [
    pad('Simulation and reality', labelWidth) + head,
    colour.quiet(pad('', labelWidth) + units),
    ...rows,
  ].join('\n')
}
