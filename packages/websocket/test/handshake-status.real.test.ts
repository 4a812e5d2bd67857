import diagnostics from 'node:diagnostics_channel'
import { afterEach, expect, it, vi } from 'vitest'
import { undiciWebSocket } from '../src/handshake-status.ts'
import { type ResilientSocketOptions, resilientSocket, type SocketEvents } from '../src/index.ts'
import { startServer } from './server.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function serve() {
  const server = await startServer()
  cleanups.push(() => server.close())
  return server
}

function connect(url: string, options: ResilientSocketOptions = {}) {
  const socket = resilientSocket(url, { WebSocket: undiciWebSocket(), ...options })
  cleanups.push(async () => {
    socket.close()
    await socket.closed()
  })
  return socket
}

const isWatched = () =>
  diagnostics.channel('undici:request:headers').hasSubscribers ||
  diagnostics.channel('undici:request:create').hasSubscribers

const first = <K extends keyof SocketEvents>(socket: ReturnType<typeof connect>, type: K) =>
  new Promise<SocketEvents[K]>((resolve) => socket.once(type, resolve))

it.each([429, 503])("Node's own WebSocket tells %d and Retry-After", async (status) => {
  const server = await serve()
  server.refuse(status, { 'retry-after': '60' })
  const socket = connect(server.url)
  const scheduled = first(socket, 'reconnectScheduled')
  expect(await first(socket, 'disconnected')).toMatchObject({
    cause: 'handshake',
    phase: 'connecting',
    status,
    retryAfterMs: 60_000,
  })
  expect((await scheduled).delayMs).toBeGreaterThanOrEqual(60_000)
})

it('stops at 401, and asks once for new credentials where it can', async () => {
  const server = await serve()
  server.refuse(401)
  expect(await connect(server.url).closed()).toMatchObject({ status: 401, stop: 'unauthorized' })
  expect(server.handshakes).toBe(1)
  const asked: boolean[] = []
  const socket = resilientSocket(
    ({ isRefresh }) => {
      asked.push(isRefresh)
      if (isRefresh) server.refuse(undefined)
      return server.url
    },
    { WebSocket: undiciWebSocket(), reconnect: { firstWindowMs: 1 } },
  )
  cleanups.push(() => socket.close())
  await socket.opened()
  expect(asked).toEqual([false, true])
})

it('gives each of many dials to one URL its own answer', async () => {
  const server = await serve()
  const Inner = undiciWebSocket()
  const statuses = [401, 429, 503, 418]
  let nth = 0
  const sockets = statuses.map((status) => {
    const socket = connect(server.url, { WebSocket: Inner, reconnect: false })
    return { status, socket, ended: socket.closed() }
  })
  server.refuseBy(() => statuses[nth++])
  const ends = await Promise.all(sockets.map(({ ended }) => ended))
  expect(new Set(ends.map(({ status }) => status))).toEqual(new Set(statuses))
})

it('opens as ever, and listens to nothing once no dial is out', async () => {
  const server = await serve()
  expect(isWatched()).toBe(false)
  const socket = connect(server.url)
  const answer = first(socket, 'message')
  await socket.send('hello')
  expect(await answer).toEqual({ data: 'echo hello' })
  expect(isWatched()).toBe(false)
  expect(() => new (undiciWebSocket())('no url')).toThrow('Invalid URL')
  expect(isWatched()).toBe(false)
  server.refuse(500)
  const lost = connect(server.url, { reconnect: false })
  await lost.closed()
  await vi.waitUntil(() => !isWatched())
})

it('leaves the requests of others alone', async () => {
  const server = await serve()
  server.refuse(429)
  const socket = connect(server.url, { reconnect: false })
  await fetch('data:,')
  expect(await socket.closed()).toMatchObject({ status: 429 })
  const refused = connect('ws://127.0.0.1:1/', { reconnect: false })
  const closed = await refused.closed()
  expect([closed.cause, closed.status]).toEqual(['network', undefined])
})

it('is the platform’s class where there are no diagnostics, and says so where there is no class', () => {
  const lookup = vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never)
  cleanups.push(() => {
    lookup.mockRestore()
    vi.unstubAllGlobals()
  })
  expect(undiciWebSocket()).toBe(WebSocket)
  vi.stubGlobal('WebSocket', undefined)
  expect(() => undiciWebSocket()).toThrow('no WebSocket here')
})
