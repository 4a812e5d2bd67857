import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, it, type TestContext } from 'vitest'
import { WebSocketServer, WebSocket as Ws } from 'ws'
import { ackSession } from '../src/ack.ts'
import { ackServer } from '../src/ack-server.ts'
import { type ResilientSocketOptions, resilientSocket } from '../src/index.ts'
import { rotate } from '../src/rotation.ts'
import { arrivals, arrivalsTimeoutMs } from './arrivals.ts'
import { startServer } from './server.ts'

/** At least so many rotations, and messages each way. */
const rotations = 60
const messages = 20_000
/** Longer than an answer takes on a busy machine. */
const lingerMs = 500

const range = (way: string) => Array.from({ length: messages }, (_, index) => `${way} ${index}`)

/** A socket that is told to rotate as soon as it has rotated, and all that went wrong with it. */
function rotatingSocket(
  { onTestFinished }: TestContext,
  url: string,
  options: ResilientSocketOptions,
) {
  const socket = resilientSocket(url, options)
  onTestFinished(async () => {
    socket.close()
    await socket.closed()
  })
  const heard: unknown[] = []
  const troubles: unknown[] = []
  let rotated = 0
  socket.on('message', ({ data }) => heard.push(data))
  const wrong = ['disconnected', 'rotationFailed', 'undelivered', 'sessionLost', 'gap'] as const
  for (const type of wrong) socket.on(type, (event) => troubles.push([type, event]))
  socket.on('rotated', () => {
    rotated++
    socket.advise({ rotateWithinMs: 0 })
  })
  return {
    socket,
    heard,
    troubles,
    rotated: () => rotated,
    /** Sends numbered messages, spread over all rotations. */
    async load(send: (index: number) => void): Promise<void> {
      socket.advise({ rotateWithinMs: 0 })
      for (let index = 0; index < messages; index++) {
        send(index)
        if (index % 10 === 0) await turn()
        while (rotated < Math.floor((index / messages) * rotations)) await turn()
      }
      await arrivals(() => rotated, rotations)
    },
  }
}

it.concurrent(
  'with lingerMs 0, all arrive in the order in which they were sent, across 60 rotations',
  async (test) => {
    const server = await startServer()
    test.onTestFinished(() => server.close())
    const r = rotatingSocket(test, server.url, {
      rotation: rotate({ lingerMs: 0 }),
      queue: { maxMessages: messages },
    })
    await r.socket.opened()
    await r.load((index) => void r.socket.send(`up ${index}`))
    await arrivals(() => server.received.length, messages)
    test.expect(r.rotated()).toBeGreaterThanOrEqual(rotations)
    test.expect(server.received).toEqual(range('up'))
    test.expect(r.troubles).toEqual([])
  },
  arrivalsTimeoutMs,
)

// Nearly all of their time is spent lingering: they do so together.
describe.each([
  ['ws', Ws as never],
  ["Node's own", undefined],
] as const)('over %s', (_name, WebSocket) => {
  it.concurrent(
    'without a session, all arrive once, and are answered once, across 60 rotations',
    async (test) => {
      const server = await startServer()
      test.onTestFinished(() => server.close())
      const r = rotatingSocket(test, server.url, {
        WebSocket,
        rotation: rotate({ lingerMs }),
      })
      await r.socket.opened()
      await r.load((index) => void r.socket.send(`up ${index}`))
      await arrivals(() => r.heard.length, messages)
      test.expect(r.rotated()).toBeGreaterThanOrEqual(rotations)
      // Of two connections either may be the quicker one.
      test.expect([...server.received].sort()).toEqual(range('up').sort())
      test.expect([...r.heard].sort()).toEqual(range('echo up').sort())
      test.expect(r.troubles).toEqual([])
    },
    arrivalsTimeoutMs,
  )

  it.concurrent(
    'a server that sends to all connections of a client is heard once, by ids, across 60 rotations',
    async (test) => {
      const server = await startServer()
      test.onTestFinished(() => server.close())
      const r = rotatingSocket(test, server.url, {
        WebSocket,
        rotation: rotate({ lingerMs, idOf: ({ data }) => data as string }),
      })
      await r.socket.opened()
      await r.load((index) => {
        for (const client of server.clients)
          if (client.readyState === 1) client.send(`down ${index}`)
      })
      await arrivals(() => r.heard.length, messages)
      test.expect(r.rotated()).toBeGreaterThanOrEqual(rotations)
      test.expect([...r.heard].sort()).toEqual(range('down').sort())
      test.expect(r.troubles).toEqual([])
    },
    arrivalsTimeoutMs,
  )

  it.concurrent(
    'with an ack session, all arrive once and in order both ways across 60 rotations',
    async (test) => {
      const taken: string[] = []
      const sessions = ackServer({
        maxPending: messages,
        onMessage: (_, data) => {
          taken.push(data)
        },
      })
      const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
      server.on('connection', (socket) => sessions.accept(socket))
      await once(server, 'listening')
      test.onTestFinished(() => {
        sessions.close()
        for (const socket of server.clients) socket.terminate()
        server.close()
      })
      const { port } = server.address() as { port: number }
      const r = rotatingSocket(test, `ws://127.0.0.1:${port}/`, {
        WebSocket,
        rotation: rotate(),
        session: ackSession(),
        queue: { maxMessages: messages },
      })
      await new Promise((resolve) => r.socket.once('sessionStarted', resolve))
      const [session] = sessions.sessions.values()
      await r.load((index) => {
        void r.socket.send(`up ${index}`)
        session?.send(`down ${index}`)
      })
      await arrivals(() => r.heard.length + taken.length, 2 * messages)
      test.expect(r.rotated()).toBeGreaterThanOrEqual(rotations)
      test.expect([sessions.sessions.size, r.troubles]).toEqual([1, []])
      test.expect(taken).toEqual(range('up'))
      test.expect(r.heard).toEqual(range('down'))
    },
    arrivalsTimeoutMs,
  )
})
