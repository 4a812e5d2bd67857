// Opens sockets, uses, drops, rotates and closes them; then says what the process still holds.
import diagnostics from 'node:diagnostics_channel'
import { getEventListeners, setMaxListeners } from 'node:events'
import process from 'node:process'
import { WebSocket as Ws } from 'ws'
import { undiciWebSocket } from '../src/handshake-status.ts'
import {
  heartbeat,
  type ResilientSocket,
  ResilientWebSocket,
  resilientSocket,
  type SocketEvents,
} from '../src/index.ts'
import { rotate } from '../src/rotation.ts'
import { SharedWebSocket } from '../src/tabs.ts'

const [inner, url = ''] = process.argv.slice(2)
const WebSocket = inner === 'ws' ? (Ws as never) : undiciWebSocket()
/** Of each way to come to an end. */
const count = 10

// Timers that keep no process alive are in no list of the platform's.
const timers = new Map<unknown, string>()
const { setTimeout: set, clearTimeout: clear } = globalThis
Object.assign(globalThis, {
  setTimeout(callback: () => void, delayMs: number) {
    const timer = set(() => {
      timers.delete(timer)
      callback()
    }, delayMs)
    const { stack = '' } = new Error('made here')
    // The platform's HTTP client ticks for half a second after its last use.
    if (!stack.includes('deps/undici')) timers.set(timer, stack)
    return timer
  },
  clearTimeout(timer: ReturnType<typeof set>) {
    timers.delete(timer)
    clear(timer)
  },
})

// A page, as far as sockets listen to it.
const view = new EventTarget()
const page = new EventTarget()
setMaxListeners(0, view, page)
Object.assign(globalThis, {
  document: page,
  addEventListener: view.addEventListener.bind(view),
  removeEventListener: view.removeEventListener.bind(view),
})

const controller = new AbortController()
const { signal } = controller
const options = {
  WebSocket,
  signal,
  heartbeat: heartbeat({ intervalMs: 50, message: 'beat' }),
  rotation: rotate({ maxAgeMs: 3_600_000, lingerMs: 10, idOf: ({ data }) => String(data) }),
  reconnect: { firstWindowMs: 20, minDelayMs: 1 },
}

async function held() {
  const { held: locks = [], pending = [] } = await navigator.locks.query()
  const listeners = (target: EventTarget, types: readonly string[]): number =>
    types.reduce((sum, type) => sum + getEventListeners(target, type).length, 0)
  const channels = ['undici:request:create', 'undici:client:sendHeaders', 'undici:request:headers']
  return {
    resources: process.getActiveResourcesInfo().filter((name) => !/^(Pipe|TTY)Wrap$/.test(name)),
    timers: [...timers.values()],
    signal: listeners(signal, ['abort']),
    view: listeners(view, ['online', 'offline', 'pageshow']),
    page: listeners(page, ['resume', 'visibilitychange']),
    channels: channels.filter((name) => diagnostics.channel(name).hasSubscribers),
    locks: locks.length + pending.length,
  }
}

const next = <K extends keyof SocketEvents>(socket: ResilientSocket, type: K) =>
  new Promise<SocketEvents[K]>((resolve) => socket.once(type, resolve))

async function used(socket: ResilientSocket): Promise<ResilientSocket> {
  await socket.opened()
  const heard = next(socket, 'message')
  await socket.send('hello')
  await heard
  return socket
}

const ways: (() => Promise<ResilientSocket>)[] = [
  () => used(resilientSocket(url, options)),
  async () => {
    const socket = await used(resilientSocket(url, options))
    const back = next(socket, 'disconnected').then(() => socket.opened())
    await socket.send('drop')
    await back
    return used(socket)
  },
  async () => {
    const socket = await used(resilientSocket(url, options))
    const rotated = next(socket, 'rotated')
    socket.advise({ rotateWithinMs: 0 })
    await rotated
    return used(socket)
  },
  // Closed while its next connection is dialled, while it waits, and while it dials.
  async () => {
    const socket = await used(resilientSocket(url, options))
    const dials = next(socket, 'dialStarted')
    socket.advise({ rotateWithinMs: 0 })
    await dials
    return socket
  },
  async () => {
    const socket = await used(resilientSocket(url, options))
    await socket.send('drop')
    await next(socket, 'reconnectScheduled')
    void socket.send('waits')
    return socket
  },
  async () => {
    const socket = resilientSocket(url, options)
    await next(socket, 'dialStarted')
    return socket
  },
]

const sockets = await Promise.all(
  ways.flatMap((way) => Array.from({ length: count }, async () => way())),
)
const dropIns = [
  ...Array.from({ length: count }, () => new ResilientWebSocket(url, [], options)),
  ...Array.from({ length: count }, () => new SharedWebSocket(url, [], options)),
]
await Promise.all(
  dropIns.map((socket) => new Promise((resolve) => socket.addEventListener('open', resolve))),
)
const meanwhile = await held()
const closed = [
  ...sockets.map((socket) => socket.closed()),
  ...dropIns.map((socket) => new Promise((resolve) => socket.addEventListener('close', resolve))),
]
for (const [index, socket] of [...sockets, ...dropIns].entries()) if (index % 3) socket.close()
controller.abort()
await Promise.all(closed)

process.once('beforeExit', async () => {
  const { locks, timers: pending, signal: listeners, view: views, page: pages } = meanwhile
  const counted = [locks, pending.length, listeners, views, pages]
  console.log(JSON.stringify({ ...(await held()), wereCounted: counted.every((each) => each > 0) }))
})
