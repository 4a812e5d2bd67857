import { manualClock } from '@evenkeel/core/testing'
import { type SharedSocketOptions, SharedWebSocket, type TabChannel } from '../../src/tabs.ts'
import { FakeWebSocket } from '../fake-web-socket.ts'
import { fakeSignals } from '../world.ts'

interface Waiting {
  readonly tab: object
  readonly grant: () => Promise<void>
}

/** Locks of an origin, in the order in which they are asked for. */
class FakeLocks {
  readonly #queues = new Map<string, Waiting[]>()

  /** Locks held or waited for. */
  get size(): number {
    return [...this.#queues.values()].reduce((sum, queue) => sum + queue.length, 0)
  }

  of(tab: object) {
    return {
      request: (name: string, { signal }: { signal: AbortSignal }, callback: () => Promise<void>) =>
        new Promise<void>((resolve, reject) => {
          const queue = this.#queues.get(name) ?? []
          this.#queues.set(name, queue)
          let isHeld = false
          const waiting: Waiting = {
            tab,
            grant: async () => {
              isHeld = true
              await callback()
              this.#leave(queue, waiting)
              resolve()
            },
          }
          signal.addEventListener('abort', () => {
            if (isHeld) return
            this.#leave(queue, waiting)
            reject(signal.reason)
          })
          queue.push(waiting)
          if (queue.length === 1) queueMicrotask(() => queue[0] === waiting && waiting.grant())
        }),
    }
  }

  /** A tab is gone, with all it held. */
  drop(tab: object): void {
    for (const queue of this.#queues.values())
      for (const waiting of queue.filter((each) => each.tab === tab)) this.#leave(queue, waiting)
  }

  #leave(queue: Waiting[], waiting: Waiting): void {
    const at = queue.indexOf(waiting)
    if (at < 0) return
    queue.splice(at, 1)
    if (at === 0) void queue[0]?.grant()
  }
}

class FakeChannel implements TabChannel {
  onmessage: ((event: MessageEvent) => void) | null = null
  onmessageerror: ((event: MessageEvent) => void) | null = null
  readonly tab: object
  readonly #all: Set<FakeChannel>

  constructor(tab: object, all: Set<FakeChannel>) {
    this.tab = tab
    this.#all = all
    all.add(this)
  }

  postMessage(message: unknown): void {
    if (!this.#all.has(this)) return
    const data = structuredClone(message)
    for (const other of this.#all)
      if (other !== this)
        queueMicrotask(() => this.#all.has(other) && other.onmessage?.({ data } as MessageEvent))
  }

  close(): void {
    this.#all.delete(this)
  }
}

/** Some tabs of one origin on one clock, whose server the test plays. */
export function browser() {
  const clock = manualClock()
  const sockets: (FakeWebSocket & { tab: object })[] = []
  const locks = new FakeLocks()
  const channels = new Set<FakeChannel>()

  function open(options: SharedSocketOptions = {}, url = 'ws://server.test/') {
    const tab = {}
    const signals = fakeSignals()
    class Inner extends FakeWebSocket {
      readonly tab = tab
      constructor(url: string, protocols?: string | string[]) {
        super(url, protocols)
        sockets.push(this)
      }
    }
    const socket = new SharedWebSocket(url, [], {
      WebSocket: Inner,
      clock,
      random: () => 0.5,
      signals,
      locks: locks.of(tab),
      channel: () => new FakeChannel(tab, channels),
      ...options,
    })
    const heard: unknown[] = []
    const undelivered: unknown[] = []
    socket.onopen = () => heard.push('open')
    socket.onmessage = ({ data }) => heard.push(data)
    socket.onclose = ({ code, cause }) => heard.push(`close ${code} ${cause}`)
    socket.addEventListener('disconnected', ({ detail }) => heard.push(`lost ${detail.cause}`))
    socket.addEventListener('undelivered', ({ detail: { data, outcome } }) =>
      undelivered.push([data, outcome]),
    )
    return { socket, signals, heard, undelivered, tab }
  }

  return {
    clock,
    sockets,
    locks,
    channels,
    open,
    /** The latest connection. */
    get inner() {
      return sockets.at(-1) as FakeWebSocket
    },
    /** Lets all that is said be heard. */
    settle: () => clock.advance(0),
    async accept(): Promise<FakeWebSocket> {
      await clock.advance(0)
      const inner = sockets.at(-1) as FakeWebSocket
      inner.accept()
      await clock.advance(0)
      return inner
    },
    /** The tab is gone from one moment to the next: nobody says goodbye. */
    async crash({ tab }: { tab: object }): Promise<void> {
      for (const channel of channels) if (channel.tab === tab) channels.delete(channel)
      for (const socket of sockets) if (socket.tab === tab) socket.readyState = 3
      locks.drop(tab)
      await clock.advance(0)
    },
    /** Something else of the origin speaks on the channel. */
    async speak(message: unknown): Promise<void> {
      const stranger = new FakeChannel({}, channels)
      stranger.postMessage(message)
      await clock.advance(0)
      stranger.close()
    },
  }
}
