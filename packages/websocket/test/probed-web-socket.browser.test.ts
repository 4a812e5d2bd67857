import { expect, inject, test } from 'vitest'
import { probedWebSocket } from '../src/handshake-status.ts'
import { resilientSocket } from '../src/index.ts'

const origin = inject('origin')
const refused = `${origin.replace('http', 'ws')}/status/429`

test('a GET tells the page what the handshake hides', async () => {
  const Inner = probedWebSocket(`${origin}/status/429?retry-after=60`, {
    fetch: (url, init) => fetch(url, { ...init, credentials: 'omit' }),
  })
  const socket = resilientSocket(refused, { WebSocket: Inner, reconnect: { whileHidden: true } })
  const lost = await new Promise((resolve) => socket.once('disconnected', resolve))
  expect(lost).toMatchObject({ cause: 'handshake', status: 429, retryAfterMs: 60_000 })
  socket.close()
  await socket.closed()
})

test('a GET that fails as well leaves it at the network', async () => {
  const socket = resilientSocket(refused, {
    WebSocket: probedWebSocket('http://127.0.0.1:1/'),
    reconnect: false,
  })
  const closed = await socket.closed()
  expect([closed.cause, closed.status]).toEqual(['network', undefined])
})

test('an open connection is the platform’s own', async () => {
  const socket = resilientSocket(origin.replace('http', 'ws'), {
    WebSocket: probedWebSocket(`${origin}/status/503`),
    reconnect: false,
  })
  const answer = new Promise((resolve) => socket.once('message', resolve))
  await socket.send('hello')
  expect(await answer).toEqual({ data: 'hello' })
  await socket.send('close 4004')
  expect(await socket.closed()).toMatchObject({ code: 4004, wasClean: true, cause: 'server' })
})
