import { type EventEmitter, once } from 'node:events'
import { registerHooks } from 'node:module'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { WebSocketServer, type WebSocket as Ws } from 'ws'
import { ResilientWebSocket } from '../../src/index.ts'

/*
 * @discordjs/ws takes the `WebSocket` of `ws` (on Bun and Deno the global), and has no option for
 * another. So the name `ws` is made to mean ours to it alone: what an app does by its bundler's
 * `alias`, an `overrides` of its package manager, or this hook of Node's.
 */
const key = Symbol.for('evenkeel.test.websocket')
let made = 0
// Without reconnects of its own: the library dials again by itself.
class Ours extends ResilientWebSocket.with({ reconnect: false }) {
  constructor(...given: ConstructorParameters<typeof ResilientWebSocket>) {
    super(...given)
    made++
  }
}
Object.assign(globalThis, { [key]: Ours })
const ours = `export const WebSocket = globalThis[Symbol.for('${key.description}')]`
const hooks = registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'ws' && context.parentURL?.includes('/@discordjs/ws/')
      ? { url: `data:text/javascript,${encodeURIComponent(ours)}`, shortCircuit: true }
      : next(specifier, context),
})
afterAll(() => {
  hooks.deregister()
  Reflect.deleteProperty(globalThis, key)
})

interface Packet {
  readonly op: number
  readonly d: { readonly seq?: number }
}

/** As much of the Discord gateway as a session takes: HELLO, READY or RESUMED, acknowledged beats, numbered events. */
async function startGateway(port = 0) {
  const server = new WebSocketServer({ port, host: '127.0.0.1' })
  const log: string[] = []
  let seq = 0
  await once(server, 'listening')
  const bound = (server.address() as { port: number }).port
  const say = (socket: Ws, packet: object) => socket.send(JSON.stringify(packet))
  const dispatch = (socket: Ws, t: string, d: object = {}) => say(socket, { op: 0, t, s: ++seq, d })
  server.on('connection', (socket) => {
    say(socket, { op: 10, d: { heartbeat_interval: 45_000 } })
    socket.on('close', (code) => log.push(`close ${code}`))
    socket.on('message', (text) => {
      const { op, d }: Packet = JSON.parse(String(text))
      if (op === 1) say(socket, { op: 11 })
      if (op === 2) {
        log.push('identify')
        dispatch(socket, 'READY', {
          session_id: 's1',
          resume_gateway_url: `ws://127.0.0.1:${bound}`,
        })
      }
      if (op === 6) {
        log.push(`resume ${d.seq}`)
        seq = Math.max(seq, d.seq ?? 0)
        dispatch(socket, 'RESUMED')
      }
    })
  })
  return {
    server,
    port: bound,
    log,
    event: (n: number) => {
      for (const socket of server.clients) dispatch(socket, 'MESSAGE_CREATE', { n })
    },
    async kill() {
      for (const socket of server.clients) socket.terminate()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function gateway(port?: number) {
  const started = await startGateway(port)
  cleanups.push(() => started.kill())
  return started
}

type Shard = { d?: { n?: number }; data?: { d?: { n?: number } } }

describe.each([
  ['1', () => import('@discordjs/ws')],
  ['2', () => import('@discordjs/ws-2')],
])('@discordjs/ws %s, with ours in the place of ws', (_version, load) => {
  async function connect(port: number) {
    const { WebSocketManager } = (await load()) as typeof import('@discordjs/ws')
    const information = {
      url: `ws://127.0.0.1:${port}`,
      shards: 1,
      session_start_limit: { total: 1000, remaining: 1000, reset_after: 0, max_concurrency: 1 },
    }
    const manager = new WebSocketManager({
      token: 'token',
      intents: 0,
      rest: { get: async () => information } as never,
      fetchGatewayInformation: async () => information,
      helloTimeout: 2000,
    } as never)
    cleanups.push(() => manager.destroy())
    const events: unknown[] = []
    const errors: unknown[] = []
    // Version 1 gives one object with `data`, version 2 the packet.
    const emitter = manager as unknown as EventEmitter
    emitter.on('dispatch', (given: Shard) => {
      const { n } = given.data?.d ?? given.d ?? {}
      if (n !== undefined) events.push(n)
    })
    for (const name of ['error', 'socketError'])
      emitter.on(name, (error: unknown) => errors.push(error))
    await manager.connect()
    return { manager, events, errors }
  }

  it('identifies, hears events, and says goodbye', async () => {
    made = 0
    const { port, log, event } = await gateway()
    const { manager, events, errors } = await connect(port)
    expect(made).toBe(1)
    event(1)
    event(2)
    await vi.waitUntil(() => events.length === 2)
    await manager.destroy()
    await vi.waitUntil(() => log.length === 2)
    expect([events, log, errors]).toEqual([[1, 2], ['identify', 'close 1000'], []])
  })

  it('resumes after the line was cut', async () => {
    const { port, log, event, server } = await gateway()
    const { events, errors } = await connect(port)
    event(1)
    await vi.waitUntil(() => events.length === 1)
    for (const socket of server.clients) socket.terminate()
    await vi.waitUntil(() => log.includes('resume 2'))
    event(2)
    await vi.waitUntil(() => events.length === 2)
    expect([events, log, errors]).toEqual([[1, 2], ['identify', 'close 1006', 'resume 2'], []])
  })

  it('loses its server, and comes back to the next', async () => {
    const first = await gateway()
    const { events } = await connect(first.port)
    await first.kill()
    await new Promise((resolve) => setTimeout(resolve, 700))
    const second = await gateway(first.port)
    await vi.waitUntil(() => second.log.length > 0, 30_000)
    second.event(7)
    await vi.waitUntil(() => events.length === 1)
    expect(events).toEqual([7])
  })
})
