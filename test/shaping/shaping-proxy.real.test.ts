import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { afterEach, expect, it } from 'vitest'
import { type ShapingProxy, shapingProxy } from './shaping-proxy.ts'
import type { NetworkShape } from './tcp-path.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})

/** A server that sends back what it gets, and a proxy before it. */
async function echo(shape: Partial<NetworkShape> = {}): Promise<ShapingProxy> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const proxy = await shapingProxy((server.address() as AddressInfo).port, shape)
  open.push(proxy, {
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  })
  return proxy
}

async function dial({ port }: ShapingProxy): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' })
  await once(socket, 'connect')
  open.push({ close: () => socket.destroy() })
  return socket
}

/** Sends bytes; resolves when so many have come back. */
async function exchange(socket: Socket, bytes: Buffer): Promise<Buffer> {
  socket.write(bytes)
  let back = Buffer.alloc(0)
  while (back.length < bytes.length) {
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    back = Buffer.concat([back, chunk])
  }
  return back
}

it('carries every byte in order, through loss', async () => {
  const proxy = await echo({ latencyMs: 5, lossRatio: 0.02 })
  const socket = await dial(proxy)
  const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, each) => each % 251))
  expect((await exchange(socket, bytes)).equals(bytes)).toBe(true)
  expect(proxy.connections).toBe(1)
})

it('is no faster than the network that it stands for', async () => {
  const proxy = await echo({ latencyMs: 50 })
  const socket = await dial(proxy)
  const startMs = performance.now()
  await exchange(socket, Buffer.from('hello'))
  // A handshake, and there and back; no timer is early by more than a millisecond.
  expect(performance.now() - startMs).toBeGreaterThan(198)
  proxy.shape({ latencyMs: 0, bytesPerSecond: 100_000 })
  const againMs = performance.now()
  await exchange(socket, Buffer.alloc(20_000))
  expect(performance.now() - againMs).toBeGreaterThan(198)
})

it('passes the end of a connection on', async () => {
  const socket = await dial(await echo({ latencyMs: 5 }))
  const ended = once(socket, 'end')
  socket.end('bye')
  const [last] = (await once(socket, 'data')) as [Buffer]
  expect(String(last)).toBe('bye')
  await ended
})

it('resets connections', async () => {
  const proxy = await echo()
  const socket = await dial(proxy)
  await exchange(socket, Buffer.from('hello'))
  const failed = once(socket, 'error')
  proxy.reset()
  expect(await failed).toMatchObject([{ code: 'ECONNRESET' }])
})

it('leaves connections half-open, and new ones alone', async () => {
  const proxy = await echo()
  const socket = await dial(proxy)
  await exchange(socket, Buffer.from('hello'))
  proxy.silence()
  const heard: unknown[] = []
  for (const event of ['data', 'end', 'close', 'error']) socket.on(event, () => heard.push(event))
  socket.write('anybody there?')
  expect(String(await exchange(await dial(proxy), Buffer.from('hello')))).toBe('hello')
  expect(heard).toEqual([])
})
