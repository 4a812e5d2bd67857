import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { type Clock, systemClock } from '@evenkeel/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { WebSocket as Ws } from 'ws'
import {
  heartbeat,
  type ResilientSocket,
  type ResilientSocketOptions,
  ResilientWebSocket,
  resilientSocket,
  type SocketEvents,
} from '../src/index.ts'
import { startServer, type TestServer } from './server.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function serve(port?: number): Promise<TestServer> {
  const server = await startServer(port)
  cleanups.push(() => server.close())
  return server
}

const fast = { firstWindowMs: 50, minDelayMs: 1 }

function connect(url: string, options: ResilientSocketOptions = {}): ResilientSocket {
  const socket = resilientSocket(url, { reconnect: fast, ...options })
  cleanups.push(async () => {
    socket.close()
    await socket.closed()
  })
  return socket
}

function next<K extends keyof SocketEvents>(socket: ResilientSocket, type: K) {
  return new Promise<SocketEvents[K]>((resolve) => socket.once(type, resolve))
}

const inners = [
  ['ws', Ws as never],
  ["Node's own", undefined],
] as const

describe.each(inners)('over %s', (_name, WebSocket) => {
  it('close() ends the connection to a peer that is silent', async () => {
    const server = await serve()
    const socket = connect(server.url, { WebSocket, closeTimeoutMs: 50 })
    await socket.opened()
    const [connection] = server.connections
    // From here on nobody reads what comes as WebSocket frames.
    connection?.removeAllListeners('data').resume()
    const ended = once(connection as Socket, 'close')
    socket.close()
    expect(await socket.closed()).toMatchObject({ cause: 'timeout', phase: 'closing' })
    await ended
  })

  it('a message goes there and back', async () => {
    const server = await serve()
    const socket = connect(server.url, { WebSocket })
    const answer = next(socket, 'message')
    await socket.send('hello')
    expect(await answer).toEqual({ data: 'echo hello' })
    socket.close(4001, 'bye')
    expect(await socket.closed()).toMatchObject({
      code: 4001,
      reason: 'bye',
      wasClean: true,
      phase: 'closing',
      cause: 'user',
    })
  })

  it('a dropped line is 1006, and comes back', async () => {
    const server = await serve()
    const socket = connect(server.url, { WebSocket })
    await socket.opened()
    const lost = next(socket, 'disconnected')
    await vi.waitUntil(() => server.clients.length === 1)
    server.clients[0]?.terminate()
    expect(await lost).toMatchObject({
      code: 1006,
      wasClean: false,
      cause: 'network',
      phase: 'open',
    })
    await socket.opened()
    expect(server.handshakes).toBe(2)
  })

  it('a refused connection is a failed dial, and a restart is found', async () => {
    const server = await serve()
    const { port, url } = server
    await server.close()
    cleanups.length = 0
    const socket = connect(url, { WebSocket })
    const sent = socket.send('kept')
    expect(await next(socket, 'disconnected')).toMatchObject({
      code: 1006,
      phase: 'connecting',
      cause: 'network',
    })
    const again = await serve(port)
    await sent
    await vi.waitUntil(() => again.received.length === 1)
    expect(again.received).toEqual(['kept'])
  })

  it('a server that restarts says so: 1012, and the wait is wide', async () => {
    const server = await serve()
    const socket = connect(server.url, { WebSocket })
    await socket.opened()
    const scheduled = next(socket, 'reconnectScheduled')
    await vi.waitUntil(() => server.clients.length === 1)
    server.clients[0]?.close(1012, 'restart')
    expect((await scheduled).delayMs).toBeGreaterThanOrEqual(5000)
    socket.reconnect()
    await socket.opened()
  })

  it('a fatal code is the end, and is told as it came', async () => {
    const server = await serve()
    const socket = connect(server.url, {
      WebSocket,
      reconnect: { closeCodes: { 4004: 'stop' } },
    })
    await socket.opened()
    await vi.waitUntil(() => server.clients.length === 1)
    server.clients[0]?.close(4004, 'Authentication failed.')
    expect(await socket.closed()).toMatchObject({
      code: 4004,
      reason: 'Authentication failed.',
      wasClean: true,
      cause: 'server',
      stop: 'closeCode',
    })
  })

  it('a half-open link is noticed by its silence', async () => {
    const server = await serve()
    const socket = connect(server.url, {
      WebSocket,
      heartbeat: heartbeat({ intervalMs: 100, timeoutMs: 100, message: 'beat' }),
    })
    await socket.opened()
    await vi.waitUntil(() => server.clients.length === 1)
    server.clients[0]?.pause()
    expect(await next(socket, 'disconnected')).toMatchObject({ cause: 'heartbeat', phase: 'open' })
    await socket.opened()
  })

  it('a reader that stops makes send refuse at the bound', async () => {
    const server = await serve()
    const socket = connect(server.url, { WebSocket })
    await socket.opened()
    await vi.waitUntil(() => server.clients.length === 1)
    server.clients[0]?.pause()
    const chunk = 'x'.repeat(65_536)
    let code: unknown
    for (let sent = 0; sent < 1024 && !code; sent++)
      await Promise.race([
        socket.send(chunk).catch((error) => {
          code = error.code
        }),
        new Promise((resolve) => setImmediate(resolve)),
      ])
    expect(code).toBe('QUEUE_FULL')
    expect(socket.bufferedAmount).toBeLessThan(4 * 1_048_576)
  })

  it('a peer that does not answer the Close frame is waited for no longer than told', async () => {
    const server = await serve()
    const socket = connect(server.url, { WebSocket, closeTimeoutMs: 100 })
    await socket.opened()
    await vi.waitUntil(() => server.clients.length === 1)
    server.clients[0]?.pause()
    socket.close()
    expect(await socket.closed()).toMatchObject({ cause: 'timeout', wasClean: false })
  })

  it('a listener that throws harms no other', async () => {
    const report = vi.spyOn(console, 'error').mockImplementation(() => {})
    cleanups.push(() => report.mockRestore())
    const server = await serve()
    const socket = connect(server.url, { WebSocket })
    socket.once('message', () => {
      throw new Error('app')
    })
    const heard = next(socket, 'message')
    await socket.send('hello')
    expect(await heard).toEqual({ data: 'echo hello' })
    expect(report).toHaveBeenCalledOnce()
  })
})

describe('a handshake, over ws', () => {
  it('that is never answered is given up, and its connection with it, as by close()', async () => {
    const held: Socket[] = []
    const server = createServer((connection) =>
      held.push(connection.on('error', () => {}).resume()),
    )
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    cleanups.push(() => {
      for (const connection of held) connection.destroy()
      server.close()
    })
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const socket = connect(url, { WebSocket: Ws as never, connectTimeoutMs: 100 })
    expect(await next(socket, 'disconnected')).toMatchObject({
      phase: 'connecting',
      cause: 'timeout',
    })
    socket.reconnect()
    await vi.waitUntil(() => held.length === 2)
    socket.close()
    expect(await socket.closed()).toMatchObject({ cause: 'user', stop: 'closed' })
    await vi.waitUntil(() => held.every(({ destroyed }) => destroyed))
  })

  it('answered 401 is the end', async () => {
    const server = await serve()
    server.refuse(401)
    const socket = connect(server.url, { WebSocket: Ws as never })
    expect(await socket.closed()).toMatchObject({
      phase: 'connecting',
      cause: 'handshake',
      status: 401,
      stop: 'unauthorized',
    })
    expect(server.handshakes).toBe(1)
  })

  it.each([429, 503])('answered %d with Retry-After waits as told', async (status) => {
    const server = await serve()
    server.refuse(status, { 'retry-after': '60' })
    const socket = connect(server.url, { WebSocket: Ws as never })
    const scheduled = next(socket, 'reconnectScheduled')
    expect(await next(socket, 'disconnected')).toMatchObject({
      cause: 'handshake',
      status,
      retryAfterMs: 60_000,
    })
    expect((await scheduled).delayMs).toBeGreaterThanOrEqual(60_000)
  })

  it('sends headers, which takes isomorphic-ws', async () => {
    const server = await serve()
    server.refuse(401)
    let asked = 0
    const socket = connect(server.url, {
      headers: async ({ isRefresh }) => {
        asked++
        if (isRefresh) server.refuse(undefined)
        return { authorization: 'Bearer fresh' }
      },
    })
    await socket.opened()
    expect([asked, server.handshakes]).toEqual([2, 2])
  })
})

it('ping frames are beats where the socket can send them', async () => {
  const server = await serve()
  const socket = connect(server.url, {
    WebSocket: Ws as never,
    heartbeat: heartbeat({ intervalMs: 50 }),
  })
  await socket.opened()
  await vi.waitUntil(() => server.clients.length === 1)
  await once(server.clients[0] as never, 'ping')
  await vi.waitUntil(() => socket.rttMs !== undefined)
  expect(socket.state).toBe('open')
})

it('a closed socket leaves no timer, and no connection on the server', async () => {
  let pending = 0
  const clock: Clock = {
    ...systemClock,
    scheduleAt(atMs, callback) {
      let isPending = true
      pending++
      const end = () => {
        if (isPending) pending--
        isPending = false
      }
      const timer = systemClock.scheduleAt(atMs, () => {
        end()
        callback()
      })
      return {
        cancel() {
          end()
          timer.cancel()
        },
      }
    },
  }
  const server = await serve()
  const socket = connect(server.url, { clock, heartbeat: heartbeat({ message: 'beat' }) })
  void socket.send('queued')
  await socket.opened()
  socket.close()
  await socket.closed()
  expect(pending).toBe(0)
  await vi.waitUntil(() => server.clients[0]?.readyState === 3)
})

it('the drop-in class does what WebSocket does', async () => {
  const server = await serve()
  const socket = new ResilientWebSocket(server.url)
  const heard: unknown[] = []
  const closed = new Promise<void>((resolve) => {
    socket.onclose = ({ code, wasClean }) => {
      heard.push(code, wasClean)
      resolve()
    }
  })
  socket.onopen = () => socket.send('hello')
  socket.onmessage = ({ data }) => {
    heard.push(data)
    socket.close(1000, 'done')
  }
  await closed
  expect(heard).toEqual(['echo hello', 1000, true])
})
