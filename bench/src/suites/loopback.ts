import { describeTarget } from '../race/describe-target.ts'
import { raceSuite } from './race-suite.ts'

export const loopback = raceSuite({
  name: 'loopback',
  title: 'over loopback HTTP, 16 in flight',
  notes: [
    'The server has a process of its own; CPU is the client’s, all its threads. Requests per second depend on what else the machine does.',
  ],
  races: ['loopback'],
  rounds: 25,
  batchMs: 500,
  overHttp: true,
  toTable: (_race, results) => ({
    columns: ['contender', 'client CPU µs', '×', 'requests/s', 'target'],
    rows: results.map(({ name, cpuNs, ratio, callsPerSecond, target }) => [
      name,
      cpuNs / 1000,
      ratio,
      callsPerSecond,
      describeTarget(ratio, target),
    ]),
  }),
})
