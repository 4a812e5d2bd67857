import { manualClock, seededRandom } from '@evenkeel/core/testing'
import {
  type PlatformSignal,
  type PlatformSignals,
  type Provided,
  type ResilientSocketOptions,
  ResilientWebSocket,
  resilientSocket,
  type SocketEvents,
} from '../src/index.ts'
import { FakeWebSocket } from './fake-web-socket.ts'

export type Options = ResilientSocketOptions

/** A platform that says what the test wants. */
export function fakeSignals() {
  const listeners = new Set<(signal: PlatformSignal) => void>()
  const platform = {
    online: true,
    visible: true,
    listeners,
    isOnline: () => platform.online,
    isVisible: () => platform.visible,
    listen(listener: (signal: PlatformSignal) => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    tell(signal: PlatformSignal) {
      if (signal === 'online' || signal === 'offline') platform.online = signal === 'online'
      if (signal === 'visible' || signal === 'hidden') platform.visible = signal === 'visible'
      for (const listener of listeners) listener(signal)
    },
  }
  return platform satisfies PlatformSignals
}

const types = [
  'dialStarted',
  'opened',
  'message',
  'disconnected',
  'reconnectScheduled',
  'undelivered',
  'closed',
] as const

/** What every test needs: a clock, chance in the middle, sockets without a network. */
function surroundings(chance: number | 'seeded') {
  const clock = manualClock()
  const sockets: FakeWebSocket[] = []
  const signals = fakeSignals()
  class Inner extends FakeWebSocket {
    constructor(url: string, protocols?: string | string[]) {
      super(url, protocols)
      sockets.push(this)
    }
  }
  const random = chance === 'seeded' ? seededRandom(1) : () => chance
  return {
    clock,
    sockets,
    signals,
    options: { WebSocket: Inner, clock, random, signals },
    /** The latest socket. */
    get inner(): FakeWebSocket {
      return sockets.at(-1) as FakeWebSocket
    },
    /** Lets the dial begin that is due, and accepts it. */
    async accept(): Promise<FakeWebSocket> {
      await clock.advance(0)
      const inner = sockets.at(-1) as FakeWebSocket
      inner.accept()
      await clock.advance(0)
      return inner
    },
  }
}

/** A resilient socket on a manual clock, with all it told. */
export function world(
  options: ResilientSocketOptions = {},
  chance: number | 'seeded' = 0.5,
  url: Provided<string | URL> = 'ws://server.test/',
) {
  const around = surroundings(chance)
  const socket = resilientSocket(url, { ...around.options, ...options })
  const told: [string, unknown][] = []
  for (const type of types) socket.on(type, (event) => told.push([type, event]))
  return Object.assign(around, {
    socket,
    told,
    /** The events of one kind. */
    events: <K extends keyof SocketEvents>(type: K): SocketEvents[K][] =>
      told.filter(([each]) => each === type).map(([, event]) => event as SocketEvents[K]),
    types: () => told.map(([type]) => type),
    /** Waits for the dial that was announced. */
    async untilDial() {
      const scheduled = told.filter(([type]) => type === 'reconnectScheduled')
      const [, event] = scheduled[scheduled.length - 1] as [string, { delayMs: number }]
      await around.clock.advance(event.delayMs)
    },
  })
}

/** The drop-in class on a manual clock. */
export function dropIn(options: ResilientSocketOptions = {}, protocols: string | string[] = []) {
  const around = surroundings(0.5)
  const socket = new ResilientWebSocket('ws://server.test/', protocols, {
    ...around.options,
    ...options,
  })
  return Object.assign(around, { socket })
}
