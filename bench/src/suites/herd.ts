import { contendersOf } from '../herd/herd-contenders.ts'
import { herdScenarios } from '../herd/herd-scenarios.ts'
import { type HerdResult, herdTables } from '../herd/herd-tables.ts'
import { measureHerd } from '../herd/measure-herd.ts'
import type { Report, Table } from '../report/report.ts'
import type { Suite, SuiteOptions } from './suite.ts'

const title = 'a server loses all its clients at once; simulated'

const notes = [
  'On virtual time with a seeded random: the same figures on every machine. Each client on its defaults, and its line to itself: nothing but the loss makes them dial. Times are from when the server takes dials again.',
  'What runs: partysocket, reconnecting-websocket and phoenix themselves, with timers and sockets replaced (reconnecting-websocket as one page for each client: it draws its delay once a page); evenkeel’s core, which a test holds to its socket; of the others what their sources say of the wait before a dial.',
  'A server that is down refuses at once. The queue never says no, and serves those who have given up as well: that is what keeps it down. A dial fails after 10 s, or sooner where a client’s own default is less (4 s: partysocket, reconnecting-websocket).',
]

async function run({ progress }: SuiteOptions): Promise<Report> {
  const tables: Table[] = []
  for (const scenario of herdScenarios) {
    const results: HerdResult[] = []
    for (const { name, runs } of contendersOf(scenario)) {
      progress(`herd: ${name}, ${scenario.title}`)
      results.push({ name, runs, figures: await measureHerd(scenario.name, name) })
    }
    tables.push(...herdTables(scenario, results))
  }
  return { suite: 'herd', title, notes, tables }
}

export const herd: Suite = { name: 'herd', title, run }
