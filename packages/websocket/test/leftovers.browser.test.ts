import { expect, inject, onTestFinished, test, vi } from 'vitest'
import { ResilientWebSocket } from '../src/index.ts'
import { rotate } from '../src/rotation.ts'
import { SharedWebSocket, type TabChannel } from '../src/tabs.ts'

// A slow machine is no bug: every wait below is for an event.
vi.setConfig({ testTimeout: 60_000 })

const key = 'leftovers'
const origin = inject('origin')
const url = `${origin.replace('http', 'ws')}/${key}`
const count = 8

/** Counts the listeners of a target from now on. */
function counted(target: EventTarget): { readonly size: number } {
  const listeners = new Set<string>()
  const ids = new Map<unknown, number>()
  const name = (type: string, listener: unknown): string => {
    if (!ids.has(listener)) ids.set(listener, ids.size)
    return `${type} ${ids.get(listener)}`
  }
  const add = vi.spyOn(target, 'addEventListener')
  const remove = vi.spyOn(target, 'removeEventListener')
  const original = EventTarget.prototype
  add.mockImplementation((type, listener, options) => {
    listeners.add(name(type, listener))
    original.addEventListener.call(target, type, listener, options)
  })
  remove.mockImplementation((type, listener, options) => {
    listeners.delete(name(type, listener))
    original.removeEventListener.call(target, type, listener, options)
  })
  onTestFinished(() => {
    add.mockRestore()
    remove.mockRestore()
  })
  return listeners
}

const told = (socket: EventTarget, type: string) =>
  new Promise((resolve) => socket.addEventListener(type, resolve, { once: true }))

async function locks(): Promise<number> {
  const { held = [], pending = [] } = await navigator.locks.query()
  return [...held, ...pending].filter(({ name }) => name?.endsWith(key)).length
}

const connections = async (): Promise<number> =>
  Number(await (await fetch(`${origin}/connections/${key}`)).text())

test('close() leaves nothing of sockets that were used, dropped and rotated: not here, and not on the server', async () => {
  const targets = [counted(window), counted(document)]
  const channels = new Set<TabChannel>()
  const reconnect = { firstWindowMs: 20, minDelayMs: 1, whileHidden: true }
  const channel = (name: string): TabChannel => {
    const opened: TabChannel = new BroadcastChannel(name)
    const close = opened.close.bind(opened)
    channels.add(opened)
    opened.close = () => {
      channels.delete(opened)
      close()
    }
    return opened
  }
  const rotation = rotate({ maxAgeMs: 3_600_000, lingerMs: 10 })
  const own = Array.from(
    { length: count },
    () => new ResilientWebSocket(url, [], { reconnect, rotation }),
  )
  const shared = Array.from(
    { length: count },
    () => new SharedWebSocket(url, [], { reconnect, channel }),
  )
  const sockets = [...own, ...shared]
  await Promise.all(sockets.map((socket) => told(socket, 'open')))
  for (const [index, socket] of own.entries()) {
    const heard = told(socket, 'message')
    socket.send('hello')
    await heard
    if (index % 3 === 0) socket.send('drop')
    if (index % 3 === 1) socket.advise({ rotateWithinMs: 0 })
    if (index < 6 && index % 3 < 2) await told(socket, index % 3 ? 'rotated' : 'open')
  }
  const meanwhile = [...targets.map(({ size }) => size), channels.size, await locks()]
  expect(Math.min(...meanwhile)).toBeGreaterThanOrEqual(count)
  const closed = sockets.map((socket) => told(socket, 'close'))
  for (const socket of sockets) socket.close()
  await Promise.all(closed)
  await navigator.locks.request(`evenkeel ${url}`, () => {})
  expect([...targets.map(({ size }) => size), channels.size, await locks()]).toEqual([0, 0, 0, 0])
  await expect.poll(connections).toBe(0)
})
