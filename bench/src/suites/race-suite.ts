import { describeTarget } from '../race/describe-target.ts'
import { type Result, runRace } from '../race/run-race.ts'
import type { Report, Table } from '../report/report.ts'
import { startServer } from '../server/start-server.ts'
import { races } from './races.ts'
import type { Suite, SuiteOptions } from './suite.ts'

/** What sets one race's suite apart from another's. */
export interface RaceSuite {
  readonly name: string
  readonly title: string
  readonly notes: readonly string[]
  /** The races of the suite, each a table. */
  readonly races: readonly string[]
  readonly rounds: number
  readonly batchMs: number
  /** Whether the contenders talk to a server. */
  readonly overHttp: boolean
  /** Turns what was measured into a table. */
  readonly toTable: (race: string, results: readonly Result[]) => Table
}

/** The suite of one race or of some that belong together. */
export function raceSuite({
  name,
  title,
  notes,
  races: names,
  rounds: enough,
  batchMs,
  overHttp,
  toTable,
}: RaceSuite): Suite {
  async function run({ rounds = enough, progress }: SuiteOptions): Promise<Report> {
    const server = overHttp ? await startServer() : undefined
    const overServer = server ? { url: server.url, count: () => server.counts() } : {}
    const tables: Table[] = []
    try {
      for (const suite of names) {
        const race = races[suite]
        if (!race) throw new Error(`no race ${suite}`)
        progress(`${suite}: ${race.contenders.length} contenders, ${rounds} rounds`)
        tables.push(toTable(suite, await runRace({ suite, race, rounds, batchMs, ...overServer })))
      }
    } finally {
      await server?.stop()
    }
    return { suite: name, title, notes, tables }
  }
  return { name, title, run }
}

/** Contender, CPU per call, ratio, and whether the target is kept. */
export function overheadTable(unit: 'ns' | 'µs', results: readonly Result[]): Table {
  const scale = unit === 'ns' ? 1 : 1000
  return {
    columns: ['contender', `CPU ${unit}`, '×', 'target'],
    rows: results.map(({ name, cpuNs, ratio, target }) => [
      name,
      cpuNs / scale,
      ratio,
      describeTarget(ratio, target),
    ]),
  }
}
