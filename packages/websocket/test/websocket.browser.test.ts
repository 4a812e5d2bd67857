import { expect, inject, test } from 'vitest'
import { ResilientWebSocket, resilientSocket } from '../src/index.ts'

const url = inject('origin').replace('http', 'ws')

test('a socket survives a dropped line, and ends with the code it was given', async () => {
  const socket = resilientSocket(url, {
    reconnect: { firstWindowMs: 50, closeCodes: { 4004: 'stop' }, whileHidden: true },
  })
  const heard: unknown[] = []
  socket.on('message', ({ data }) => heard.push(data))
  await socket.send('one')
  await expect.poll(() => heard).toEqual(['one'])
  const lost = new Promise((resolve) => socket.once('disconnected', resolve))
  await socket.send('drop')
  expect(await lost).toMatchObject({ code: 1006, wasClean: false, phase: 'open' })
  await socket.send('two')
  await expect.poll(() => heard).toEqual(['one', 'two'])
  await socket.send('close 4004')
  expect(await socket.closed()).toMatchObject({ code: 4004, wasClean: true, cause: 'server' })
})

test('the drop-in class gives the platform its own events', async () => {
  const socket = new ResilientWebSocket(url)
  socket.binaryType = 'arraybuffer'
  const message = new Promise<MessageEvent>((resolve) => {
    socket.onmessage = resolve
  })
  const closed = new Promise<Event>((resolve) => {
    socket.onclose = resolve
  })
  socket.send(Uint8Array.of(1, 2, 3))
  const { data, origin } = await message
  expect([...new Uint8Array(data)]).toEqual([1, 2, 3])
  expect(origin).toBe(url)
  socket.close(4000, 'done')
  expect(await closed).toBeInstanceOf(CloseEvent)
  expect(await closed).toMatchObject({ code: 4000, reason: 'done', wasClean: true, cause: 'user' })
})

test('a server that is not there is a failed dial', async () => {
  const socket = resilientSocket('ws://127.0.0.1:1/', {
    reconnect: false,
    connectTimeoutMs: 1000,
  })
  expect(await socket.closed()).toMatchObject({ code: 1006, phase: 'connecting', wasClean: false })
  await expect(socket.opened()).rejects.toMatchObject({ code: 'SOCKET_CLOSED' })
})
