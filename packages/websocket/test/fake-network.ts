import type { ManualClock } from '@evenkeel/core/testing'
import type { ServerSocket } from '../src/ack-server.ts'
import { FakeWebSocket } from './fake-web-socket.ts'

type Listener = (data: { toString(): string }) => void

/** The server's end of a line. */
export class FakeServerSocket implements ServerSocket {
  readyState = 1
  readonly #listeners: Record<string, Listener[]> = {}
  readonly onSent: (data: string) => void
  readonly onClosed: (code: number, reason: string) => void

  constructor(onSent: (data: string) => void, onClosed: (code: number, reason: string) => void) {
    this.onSent = onSent
    this.onClosed = onClosed
  }

  on(event: string, listener: Listener): void {
    this.#listeners[event] ??= []
    this.#listeners[event].push(listener)
  }

  tell(event: string, data = ''): void {
    for (const listener of this.#listeners[event] ?? []) listener(data)
  }

  send(data: string): void {
    if (this.readyState !== 1) throw new Error('not open')
    this.onSent(data)
  }

  close(code = 1000, reason = ''): void {
    if (this.readyState !== 1) return
    this.readyState = 3
    this.onClosed(code, reason)
    this.tell('close')
  }
}

/** Lines to one server, with a latency, that can be cut, stalled and refused. */
export function fakeNetwork(
  clock: ManualClock,
  accept: (socket: ServerSocket) => void,
  latencyMs = 20,
) {
  const network = {
    isUp: true,
    lines: new Set<FakeLine>(),
    dials: 0,
    /** Breaks every line; what is under way on them is lost. */
    cut() {
      for (const line of network.lines) line.cut()
    },
    /** Lines that say nothing any more, and do not end. */
    stall() {
      for (const line of network.lines) line.isStalled = true
    },
  }

  class FakeLine extends FakeWebSocket {
    isStalled = false
    isGone = false
    readonly server: FakeServerSocket

    constructor(url: string, protocols?: string | string[]) {
      super(url, protocols)
      network.dials++
      network.lines.add(this)
      this.server = new FakeServerSocket(
        (data) => this.later(() => this.say(data)),
        (code, reason) => this.later(() => this.over(() => this.end(code, reason))),
      )
      this.later(() => {
        if (!network.isUp) {
          this.over(() => super.cut())
          return
        }
        this.accept()
        accept(this.server)
      })
    }

    override send(data: unknown): void {
      super.send(data)
      this.later(() => this.server.readyState === 1 && this.server.tell('message', data as string))
    }

    override close(...said: unknown[]): void {
      super.close(...said)
      const [code = 1005] = said as number[]
      this.later(() => {
        this.hangUp()
        this.later(() => this.over(() => this.end(code)))
      })
    }

    /** The line breaks, for both. */
    override cut(): void {
      if (!this.isGone)
        this.over(() => {
          super.cut()
          this.hangUp()
        })
    }

    hangUp(): void {
      if (this.server.readyState !== 1) return
      this.server.readyState = 3
      this.server.tell('close')
    }

    over(then: () => void): void {
      if (this.isGone) return
      this.isGone = true
      network.lines.delete(this)
      then()
    }

    later(then: () => void): void {
      clock.scheduleAt(clock.now() + latencyMs, () => {
        if (!this.isGone && !this.isStalled) then()
      })
    }
  }

  return Object.assign(network, { WebSocket: FakeLine })
}
