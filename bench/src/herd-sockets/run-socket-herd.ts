import { setTimeout as wait } from 'node:timers/promises'
import { Forked } from '../process/forked.ts'
import { listenAgain, listenSomewhere } from './listen-again.ts'
import type { ClientCounts, SocketContender } from './socket-contenders.ts'

/** What befalls the clients of one process. */
export interface SocketHerd {
  readonly clients: number
  /** How long their server is down. */
  readonly downMs: number
  /** How long they are watched after it. */
  readonly watchedMs: number
}

/** What came of it. */
export interface SocketHerdResult {
  /** When connections opened, in ms since the server listened again, as it saw them. */
  readonly opensAtMs: readonly number[]
  readonly dialsWhileDown: number
  /** How many clients had a connection at the end. */
  readonly back: number
}

const serverProgram = new URL('./socket-server-process.ts', import.meta.url)
const clientProgram = new URL('./socket-client-process.ts', import.meta.url)
const lookEveryMs = 100
/** How long all may take to connect before anything befalls them. */
const connectLimitMs = 30_000

/** Connects the clients of a library to a server, kills that, and starts another in its place. */
export async function runSocketHerd(
  { name, server: kind }: SocketContender,
  { clients, downMs, watchedMs }: SocketHerd,
): Promise<SocketHerdResult> {
  const servers = [0, 1].map(() => new Forked(serverProgram, [kind])) as [Forked, Forked]
  const running: Forked[] = [...servers]
  try {
    const [first, second] = servers
    const port = await listenSomewhere(first)
    const url = `${kind === 'ws' ? 'ws' : 'http'}://127.0.0.1:${port}/`
    const herd = new Forked(clientProgram, [name, url, String(clients)])
    running.push(herd)
    const { open: connected } = await untilAllOpen(herd, clients, connectLimitMs)
    if (connected < clients) throw new Error(`${name}: only ${connected} of ${clients} connected`)

    const before = await herd.ask<ClientCounts>('counts')
    await first.kill()
    await wait(downMs)
    const { dials } = await herd.ask<ClientCounts>('counts')
    await listenAgain(second, port)
    const { open: back } = await untilAllOpen(herd, clients, watchedMs)
    const opensAtMs = await second.ask<number[]>('opens')
    return { opensAtMs, dialsWhileDown: dials - before.dials, back }
  } finally {
    await Promise.all(running.map((each) => each.kill()))
  }
}

async function untilAllOpen(herd: Forked, clients: number, limitMs: number): Promise<ClientCounts> {
  const endMs = performance.now() + limitMs
  for (;;) {
    const counts = await herd.ask<ClientCounts>('counts')
    if (counts.open === clients || performance.now() > endMs) return counts
    await wait(lookEveryMs)
  }
}
