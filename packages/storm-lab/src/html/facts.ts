import type { Report } from '../report/report.ts'
import { coarse } from '../summary/coarse.ts'
import { count, duration, percent } from '../summary/format.ts'
import { escapeHtml } from './escape-html.ts'

const kinds = {
  cores: 'the functions that decide in evenkeel itself',
  formula: 'what the library documents, played by the simulator',
  shells: 'the whole client, on virtual time',
} as const

/** What a reader must know to judge a run, and to repeat it. */
export function facts(reports: readonly Report[], command: string | undefined): string {
  const [report] = reports as readonly [Report]
  const { scenario, clients, callsPerClient, scale, capacity, windowMs, contenders } = report
  const seeds = reports.map(({ seed }) => seed).join(', ')
  const note = coarse(report)
  const events = contenders.reduce((sum, each) => sum + each.events, 0)
  const items: [string, string][] = [
    [
      'Clients',
      `${count(clients)}, each with ${callsPerClient} calls a second in the busiest minute`,
    ],
    [
      'Seed',
      `${seeds}${reports.length > 1 ? '; the charts are of the first' : ''}: the same users make the same calls at the same moments whoever carries them`,
    ],
    [
      'Backend',
      `serves ${count(capacity)} calls a second at best: ${percent(Math.min(1, scale))} of its full size${scale > 1 ? `, times ${scale}` : ''}, as so many clients make as busy as all would${note ? `. ${note}` : ''}`,
    ],
    [
      'Time',
      `${duration(scenario.durationMs)}, of which ${duration(scenario.trigger[1] - scenario.trigger[0])} are bad; each point of a chart stands for ${duration(windowMs)}`,
    ],
    ...contenders.map(({ name, about, runs }): [string, string] => [
      name,
      `${about} What runs: ${kinds[runs]}.`,
    ]),
    ['Simulated', `${count(events)} events`],
    ...(command ? [['Run it again', command] as [string, string]] : []),
  ]
  return `<dl>${items.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`).join('')}</dl>`
}
