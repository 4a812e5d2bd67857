import type { Report, Row } from '../report/report.ts'
import { median } from '../statistics/median.ts'
import { rotate } from '../statistics/rotate.ts'
import { measureWaiting, type WaitingCost } from '../waiting/measure-waiting.ts'
import { parked } from '../waiting/parked.ts'
import type { Suite, SuiteOptions } from './suite.ts'

const calls = 10_000

async function run({ rounds = 3, progress }: SuiteOptions): Promise<Report> {
  progress(`waiting: ${parked.length} contenders, ${rounds} rounds`)
  const costs = new Map(parked.map(({ name }) => [name, [] as WaitingCost[]]))
  for (let round = 0; round < rounds; round++)
    for (const { name } of rotate(parked, round))
      costs.get(name)?.push(await measureWaiting(name, calls))
  return {
    suite: 'waiting',
    title,
    notes: [
      'Each call has failed once and waits a minute for its retry; then their common signal aborts. CPU is of all threads, per call; abort is the CPU time until the last call has ended.',
    ],
    tables: [
      {
        columns: [
          'contender',
          'CPU µs',
          'heap B',
          'listeners on the signal',
          'abort ms',
          'ended by it',
        ],
        rows: [...costs].map(([name, each]) => toRow(name, each)),
      },
    ],
  }
}

function toRow(name: string, costs: readonly WaitingCost[]): Row {
  const middle = (read: (cost: WaitingCost) => number): number => median(costs.map(read))
  const aborted = middle((cost) => cost.aborted)
  return [
    name,
    middle(({ cpuNs }) => cpuNs) / 1000,
    middle(({ heapBytes }) => heapBytes),
    middle(({ listeners }) => listeners),
    aborted === 1 ? middle(({ abortMs }) => abortMs) : undefined,
    aborted === 1 ? 'all' : aborted === 0 ? 'none' : aborted,
  ]
}

const title = `${calls.toLocaleString('en-US')} calls waiting in backoff on one signal`

export const waiting: Suite = { name: 'waiting', title, run }
