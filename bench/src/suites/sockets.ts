import { openFilesLimit } from '../herd-sockets/open-files.ts'
import { type Result, runRace } from '../race/run-race.ts'
import type { Report, Row, Table } from '../report/report.ts'
import { type ConnectionMemory, measureMemory } from '../sockets/measure-memory.ts'
import { messageRaces, type Traffic, traffics } from '../sockets/message-races.ts'
import { batchLength } from '../sockets/payloads.ts'
import { startMessageServer } from '../sockets/start-message-server.ts'
import { type WireKind, wireKinds } from '../sockets/wires.ts'
import { median } from '../statistics/median.ts'
import { rotate } from '../statistics/rotate.ts'
import type { Suite, SuiteOptions } from './suite.ts'

const leastThroughput = 0.95
const mostBytes = 4000
const connections = 4000
const memoryRounds = 3
/** What a process has open besides its connections. */
const spareFiles = 200

const ways: Readonly<Record<Traffic['way'], string>> = { up: 'to the server', down: 'from it' }
const kinds: Readonly<Record<string, string>> = {
  small: '16 characters',
  text: '1,024 characters',
  binary: '1,024 bytes',
}

const verdict = (isMet: boolean, target: string): string => `${target}: ${isMet ? 'met' : 'missed'}`

function throughputTable({ way, payload }: Traffic, results: readonly Result[]): Table {
  return {
    columns: [`${kinds[payload]}, ${ways[way]}`, 'CPU µs', '× throughput', 'messages/s', 'target'],
    rows: results.map(({ name, cpuNs, ratio, callsPerSecond }, at) => [
      name,
      cpuNs / 1000 / batchLength,
      1 / ratio,
      callsPerSecond * batchLength,
      wireKinds[at]?.isOurs
        ? verdict(1 / ratio >= leastThroughput, `≥ ${leastThroughput}`)
        : undefined,
    ]),
  }
}

function memoryRow(
  { name, isOurs }: WireKind,
  own: readonly ConnectionMemory[],
  bare: readonly ConnectionMemory[],
): Row {
  const heapBytes = median(own.map((each) => each.heapBytes))
  const rssBytes = median(own.map((each) => each.rssBytes))
  const overHeap = heapBytes - median(bare.map((each) => each.heapBytes))
  const overRss = rssBytes - median(bare.map((each) => each.rssBytes))
  return [
    name,
    heapBytes,
    overHeap,
    rssBytes,
    overRss,
    isOurs ? verdict(overHeap <= mostBytes, '≤ 4 kB of heap over bare') : undefined,
  ]
}

async function memoryTable(url: string, progress: SuiteOptions['progress']): Promise<Table> {
  const costs = new Map(wireKinds.map(({ name }) => [name, [] as ConnectionMemory[]]))
  for (let round = 0; round < memoryRounds; round++)
    for (const { name } of rotate(wireKinds, round)) {
      progress(`sockets: memory of ${name}`)
      costs.get(name)?.push(await measureMemory(name, url, connections))
    }
  const of = ({ name }: WireKind): readonly ConnectionMemory[] => costs.get(name) ?? []
  const [bare] = wireKinds as readonly [WireKind]
  return {
    columns: ['an open connection', 'heap B', 'over bare', 'rss B', 'over bare', 'target'],
    rows: wireKinds.map((kind) => memoryRow(kind, of(kind), of(bare))),
  }
}

async function run({ rounds = 15, progress }: SuiteOptions): Promise<Report> {
  const server = await startMessageServer()
  const { url } = server
  const tables: Table[] = []
  const notes = [
    `All over ws, on their defaults, with the handlers of a WebSocket; the server has a process of its own. A turn is ${batchLength} messages one way and one the other. Bare ws runs in the process of each contender too, in turns with it: × is what a second of the client’s CPU gets through, to bare ws.`,
  ]
  try {
    for (const [suite, traffic] of Object.entries(traffics)) {
      const race = messageRaces[suite]
      if (!race) throw new Error(`no race ${suite}`)
      progress(`${suite}: ${race.contenders.length} contenders, ${rounds} rounds`)
      const results = await runRace({ suite, race, rounds, batchMs: 100, url })
      tables.push(throughputTable(traffic, results))
    }
    const limit = openFilesLimit()
    if (limit >= connections + spareFiles) tables.push(await memoryTable(url, progress))
    else notes.push(`Memory is left out: it takes ${connections} open files, of ${limit}.`)
  } finally {
    await server.stop()
  }
  return { suite: 'sockets', title, notes, tables }
}

const title = `messages through a wrapper, and the memory of ${connections.toLocaleString('en-US')} open connections`

export const sockets: Suite = { name: 'sockets', title, run }
