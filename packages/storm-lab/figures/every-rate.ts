import {
  type Contender,
  contenders,
  runStorm,
  type Scenario,
  type StormMetrics,
  scenarios,
} from '../src/index.ts'
import { peakCallsPerSecond } from './cascade-table.ts'
import { number, percent, printTable, recovery } from './table.ts'

const rates = [1, 0.1, 0.02, 0.004]
const seeds = [1, 2, 3, 4, 5, 6, 7, 8]

/** The same constants at every rate of calls: the cascade, a partial outage, and people who reload. */
export async function everyRate(scale: number): Promise<void> {
  const { cascade, 'partial-outage': partial } = scenarios
  const rows: string[][] = []
  for (const rate of rates) {
    const storms = await through(cascade, contenders.evenkeel, rate, scale, seeds)
    const quick = storms.filter(({ recoveryMs }) => recoveryMs !== null && recoveryMs <= 60_000)
    const [outage] = await through(partial, contenders.evenkeel, rate, scale, [1])
    const reloads: Scenario = { ...cascade, reloads: { ratio: 0.5 } }
    const [reloading] = await through(reloads, contenders.evenkeel, rate, scale, [1])
    rows.push([
      String(rate),
      storms.map(({ attemptsPerCall }) => number(attemptsPerCall.spike)).join(' '),
      number(storms[0]?.attemptsPerCall.after ?? null),
      storms.map(recovery).join(' '),
      `${quick.length}/${storms.length}`,
      percent(outage?.successRatio.spike ?? null),
      reloading ? recovery(reloading) : '–',
    ])
  }
  printTable(
    [
      'calls/s',
      'attempts/call in the spike',
      'after',
      'recovery',
      '≤ 60 s',
      '20 % outage',
      'half reload: recovery',
    ],
    rows,
  )
}

async function through(
  scenario: Scenario,
  contender: Contender,
  callsPerClient: number,
  scale: number,
  each: readonly number[],
): Promise<StormMetrics[]> {
  const found: StormMetrics[] = []
  const clients = Math.round((peakCallsPerSecond * scale) / callsPerClient)
  for (const seed of each) {
    const report = await runStorm(scenario, {
      clients,
      callsPerClient,
      seed,
      contenders: [contender],
    })
    for (const { metrics } of report.contenders) found.push(metrics)
  }
  return found
}
