import { contenders, mixed, runStorm, type Scenario, scenarios } from '../src/index.ts'
import { peakCallsPerSecond } from './cascade-table.ts'
import { percent, printTable, recovery } from './table.ts'

const { cascade } = scenarios

/** The same with a server that takes 2.5 times what a client calls, from each. */
const limited: Scenario = {
  ...cascade,
  backend: {
    ...cascade.backend,
    gateway: { ...cascade.backend.gateway, clientLimit: { perSecond: 0.05, burst: 2 } },
  },
}

/** evenkeel beside clients that retry every second. */
export async function mixedFleets(scale: number): Promise<void> {
  const fleets = [0.2, 0.5, 0.7, 0.8].map((ratio) =>
    mixed(`${ratio}`, 'Some of each.', [
      [ratio, contenders.evenkeel],
      [1 - ratio, contenders['fixed-1s']],
    ]),
  )
  const clients = Math.round((peakCallsPerSecond * scale) / 0.02)
  const rows: string[][] = []
  for (const [limit, scenario] of [
    ['none', cascade],
    ['a client', limited],
  ] as const) {
    const report = await runStorm(scenario, { clients, contenders: fleets })
    for (const { name, metrics, phases } of report.contenders) {
      const of = (phase: string): string[] =>
        (phases.find((each) => each.name === phase)?.cohorts ?? []).map(({ successRatio }) =>
          percent(successRatio),
        )
      rows.push([limit, name, recovery(metrics), ...of('spike'), ...of('after')])
    }
  }
  printTable(
    ['limit', 'evenkeel', 'recovery', 'spike: evenkeel', 'naive', 'after: evenkeel', 'naive'],
    rows,
  )
}
