import { openFilesLimit } from '../herd-sockets/open-files.ts'
import {
  runSocketHerd,
  type SocketHerd,
  type SocketHerdResult,
} from '../herd-sockets/run-socket-herd.ts'
import { socketContenders } from '../herd-sockets/socket-contenders.ts'
import { socketHerdTables } from '../herd-sockets/socket-herd-tables.ts'
import type { Report } from '../report/report.ts'
import type { Suite, SuiteOptions } from './suite.ts'

const herd: SocketHerd = { clients: 2000, downMs: 5000, watchedMs: 40_000 }
/** What a process has open besides its clients' sockets. */
const spareFiles = 100

const clients = herd.clients.toLocaleString('en-US')
const suite = 'herd-sockets'
const title = `${clients} real connections to a process that is killed and started again`

async function run({ progress }: SuiteOptions): Promise<Report> {
  const limit = openFilesLimit()
  const needed = herd.clients + spareFiles
  if (limit < needed) {
    const note = `Skipped: needs ${needed} open files a process, and may have ${limit} (ulimit -n).`
    return { suite, title, notes: [note], tables: [] }
  }
  const results: [name: string, result: SocketHerdResult][] = []
  for (const contender of socketContenders) {
    progress(`${suite}: ${contender.name}`)
    results.push([contender.name, await runSocketHerd(contender, herd)])
  }
  const notes = [
    `All clients of a library in one process, each on its defaults and all over ws; socket.io-client over transports of its own, to a socket.io server. The server is killed, and another listens at its port ${herd.downMs / 1000} s later: what it saw open is what is counted, from when it listened.`,
    `A process may have ${limit.toLocaleString('en-US')} files open here; this takes ${clients} and a few. discord.js is left out: by its own limits so many shards take hours to log in.`,
  ]
  return { suite, title, notes, tables: socketHerdTables(herd.clients, results) }
}

export const herdSockets: Suite = { name: suite, title, run }
