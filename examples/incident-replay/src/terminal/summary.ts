import type { Report } from '../report/report.ts'
import { tooBusy } from '../report/too-busy.ts'
import { agreementTable } from './agreement-table.ts'
import { colour } from './colour.ts'
import { summaryTable } from './summary-table.ts'

/** What is printed when a run has ended: the figures, the promise, how far to trust them, one thing to keep. */
export function summary(report: Report): string {
  const { worlds, promise, agreement, load, scenario, seed, takeHome } = report
  const { rate, time } = scenario.scale
  const lines = [
    summaryTable(worlds.map((world) => world.summary)),
    colour.quiet(
      `Times are the incident's: it ran ${time} times faster, at a ${rate}th of its rates; seed ${seed}.`,
    ),
  ]
  if (promise.length > 0) {
    lines.push('', 'What evenkeel promises')
    for (const { text, measured, kept } of promise)
      lines.push(`  ${kept ? colour.good('✓') : colour.bad('✗')} ${text}: ${measured}`)
  }
  if (agreement) {
    const titles = worlds.map(({ title }) => title)
    lines.push('', agreementTable(agreement, titles), '', agreement.sentence)
  }
  if (!load.isTrustworthy) lines.push('', colour.fair(tooBusy(load)))
  return [...lines, '', colour.strong(takeHome)].join('\n')
}
