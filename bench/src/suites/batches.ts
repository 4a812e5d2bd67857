import { cachedPeer } from '../contenders/batches.ts'
import { describeTarget } from '../race/describe-target.ts'
import type { Result } from '../race/run-race.ts'
import type { Table } from '../report/report.ts'
import { raceSuite } from './race-suite.ts'

const sizes: Readonly<Record<string, number>> = { 'batch-1': 1, 'batch-10': 10, 'batch-1000': 1000 }

/** The target is a peer's figure of the same run: its overhead per key. */
function toTable(race: string, results: readonly Result[]): Table {
  const size = sizes[race] as number
  const cached = results.find(({ name }) => name === cachedPeer)?.ratio ?? Number.NaN
  return {
    columns: [
      `${size} keys of one tick`,
      'CPU ns a key',
      '× dataloader',
      '× with its cache',
      'target',
    ],
    rows: results.map(({ name, cpuNs, ratio, target }) => [
      name,
      cpuNs / size,
      ratio,
      ratio / cached,
      describeTarget(ratio, target),
    ]),
  }
}

export const batches = raceSuite({
  name: 'batches',
  title: 'single keys collected into one load',
  notes: [
    'One round after the other; the load resolves at once. dataloader calls its load after `process.nextTick`, evenkeel after the microtasks of the tick.',
    'Without its cache dataloader looks no key up, and sends duplicates; with it, as it comes, it finds them by a `Map`, as evenkeel does. The target is the former.',
    'Each batch of evenkeel has a timeout; dataloader has none.',
  ],
  races: Object.keys(sizes),
  rounds: 25,
  batchMs: 40,
  overHttp: false,
  toTable,
})
