import type { HerdWorld, Line } from './herd-world.ts'

/** How a server answers a message, if it does. */
export type Reply = (message: string) => string | undefined

/** What a socket tells: plain objects, for millions of them. */
type SocketEvent =
  | { readonly type: 'open' }
  | { readonly type: 'message'; readonly data: string }
  | { readonly type: 'error'; readonly message: string; readonly error: Error }
  | {
      readonly type: 'close'
      readonly code: number
      readonly reason: string
      readonly wasClean: boolean
    }

type Listener = (event: never) => void

// One for all: most of what a refused dial costs here would be the stack.
const error = new Error('connection refused')
const refused: SocketEvent = { type: 'error', message: error.message, error }

/** A socket in a world without a network. */
class VirtualWebSocket {
  static readonly CONNECTING = 0
  static readonly OPEN = 1
  static readonly CLOSING = 2
  static readonly CLOSED = 3
  readonly url: string
  readonly protocol = ''
  readonly extensions = ''
  readonly bufferedAmount = 0
  binaryType = 'blob'
  readyState = 0
  onopen: Listener | null = null
  onmessage: Listener | null = null
  onerror: Listener | null = null
  onclose: Listener | null = null
  readonly #listeners: Partial<Record<string, Listener[]>> = {}
  readonly #world: HerdWorld
  readonly #reply: Reply
  readonly #line: Line

  constructor(world: HerdWorld, reply: Reply, url: string | URL) {
    this.#world = world
    this.#reply = reply
    this.url = String(url)
    this.#line = world.dial({
      onOpen: () => {
        this.readyState = 1
        this.#tell({ type: 'open' })
      },
      onLoss: ({ code, reason, wasClean, phase }) => {
        this.readyState = 3
        if (phase === 'connecting') this.#tell(refused)
        this.#tell({ type: 'close', code, reason, wasClean })
      },
    })
  }

  addEventListener(type: string, listener: Listener): void {
    const listeners = this.#listeners[type]
    if (listeners) listeners.push(listener)
    else this.#listeners[type] = [listener]
  }

  removeEventListener(type: string, listener: Listener): void {
    this.#listeners[type] = this.#listeners[type]?.filter((each) => each !== listener)
  }

  send(message: string): void {
    const { time } = this.#world
    const data = this.#reply(message)
    if (data === undefined) return
    time.at(time.nowMs + 1, () => this.#tell({ type: 'message', data }))
  }

  close(code = 1000, reason = ''): void {
    if (this.readyState === 3) return
    this.readyState = 3
    this.#line.close()
    const closed = { type: 'close', code, reason, wasClean: true } as const
    const { time } = this.#world
    time.at(time.nowMs, () => this.#tell(closed))
  }

  #tell(event: SocketEvent): void {
    this[`on${event.type}`]?.(event as never)
    for (const listener of this.#listeners[event.type] ?? []) listener(event as never)
  }
}

/** A `WebSocket` class whose sockets dial the server of a world. */
export function virtualWebSocket(
  world: HerdWorld,
  reply: Reply = () => undefined,
): { new (url: string | URL): VirtualWebSocket; readonly CLOSING: number } {
  return class extends VirtualWebSocket {
    constructor(url: string | URL) {
      super(world, reply, url)
    }
  }
}
