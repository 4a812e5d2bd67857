import type { Row, Table } from '../report/report.ts'
import { sparkline } from '../report/sparkline.ts'
import { binned, type HerdFigures } from './herd-figures.ts'
import type { HerdScenario, HerdTarget } from './herd-scenarios.ts'

/** One contender's way through a scenario. */
export interface HerdResult {
  readonly name: string
  readonly runs: string
  readonly figures: HerdFigures
}

const bars = 60

/** The figures of a scenario, and below them its dials over time. */
export function herdTables(scenario: HerdScenario, results: readonly HerdResult[]): Table[] {
  const { title, clients, upAtMs, shownMs, fullPerSecond, targets } = scenario
  const isDown = upAtMs > 0
  const spanS = shownMs / 1000 / bars
  const full = fullPerSecond.toLocaleString('en-US')
  return [
    {
      columns: [
        title,
        'what runs',
        'peak dials/s',
        isDown ? 'dials each while down' : 'dials each',
        '50 % back, s',
        '95 % back, s',
        'all back, s',
        'target',
      ],
      rows: results.map(({ name, runs, figures }) => [
        name,
        runs,
        figures.peakPerSecond,
        (isDown ? figures.dialsWhileDown : figures.dials) / clients,
        ...backCells(figures),
        verdict(
          figures,
          targets.find(({ contender }) => contender === name),
        ),
      ]),
    },
    {
      columns: [title, `dials, ${spanS} s a bar; █ is ${full} a second, or more`],
      rows: results.map(({ name, figures }): Row => {
        const dials = binned(figures.dialsPerSecond.slice(0, shownMs / 1000), spanS)
        return [name, sparkline(dials, spanS * fullPerSecond)]
      }),
    },
  ]
}

function backCells({ halfBackMs, mostBackMs, allBackMs, back }: HerdFigures) {
  const seconds = [halfBackMs, mostBackMs, allBackMs].map((ms) => ms && ms / 1000)
  return allBackMs === undefined
    ? [...seconds.slice(0, 2), `only ${(back * 100).toFixed(1)} %`]
    : seconds
}

/** Whether a contender keeps to its bounds; nothing without any. */
export function verdict(
  { peakPerSecond, allBackMs = Infinity }: Pick<HerdFigures, 'peakPerSecond' | 'allBackMs'>,
  target: HerdTarget | undefined,
): string | undefined {
  if (!target) return undefined
  const { peakPerSecond: mostDials = Infinity, allBackMs: mostMs } = target
  const bounds = [
    ...(mostDials < Infinity ? [`${mostDials.toLocaleString('en-US')} dials/s`] : []),
    `${mostMs / 1000} s`,
  ]
  const isMet = peakPerSecond <= mostDials && allBackMs <= mostMs
  return `≤ ${bounds.join(', ≤ ')}: ${isMet ? 'met' : 'missed'}`
}
