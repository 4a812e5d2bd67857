import { contenders, mixed, runStorm, scenarios } from '../src/index.ts'
import { peakCallsPerSecond } from './cascade-table.ts'
import { percent, printTable, recovery } from './table.ts'

/** evenkeel beside clients that retry every second. */
export async function mixedFleets(scale: number): Promise<void> {
  const fleets = [0.2, 0.5, 0.7, 0.8].map((ratio) =>
    mixed(`${ratio}`, 'Some of each.', [
      [ratio, contenders.evenkeel],
      [1 - ratio, contenders['fixed-1s']],
    ]),
  )
  const report = await runStorm(scenarios.cascade, {
    clients: Math.round((peakCallsPerSecond * scale) / 0.02),
    contenders: fleets,
  })
  printTable(
    ['evenkeel', 'recovery', 'spike: evenkeel', 'naive', 'after: evenkeel', 'naive'],
    report.contenders.map(({ name, metrics, phases }) => {
      const of = (phase: string): string[] =>
        (phases.find((each) => each.name === phase)?.cohorts ?? []).map(({ successRatio }) =>
          percent(successRatio),
        )
      return [name, recovery(metrics), ...of('spike'), ...of('after')]
    }),
  )
}
