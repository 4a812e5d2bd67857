import { closeEvent, messageEvent } from '#platform'
import type { Advice } from './advice.ts'
import { checkCloseArguments } from './close-arguments.ts'
import { errorEvent } from './error-event.ts'
import type { SocketEvents } from './events.ts'
import { HandlerTarget } from './handler-target.ts'
import type { WebSocketLike } from './inner-socket.ts'
import { type Machine, startMachine } from './machine.ts'
import type { Provided, SocketOptions } from './options.ts'
import type { SocketData } from './outbound-queue.ts'
import type { SendOptions } from './send-options.ts'
import { settingsOf } from './settings.ts'

const readyStates = { connecting: 0, waiting: 0, open: 1, closing: 2, closed: 3 }

/**
 * The platform's `WebSocket`, but it comes back: `open` is told of each connection, `close` once, when
 * there will be no other. In between `readyState` is `CONNECTING`, and `send` queues.
 */
export class ResilientWebSocket extends HandlerTarget {
  readonly #machine: Machine
  readonly #url: string
  /** Of the last connection, which tells of itself when it is gone, too. */
  #last: WebSocketLike | undefined
  #origin = ''

  /** @throws `SyntaxError` for a URL or protocol of no use, `RangeError` for a bad option */
  constructor(
    url: Provided<string | URL>,
    protocols: Provided<string | readonly string[]> = [],
    options: SocketOptions = {},
  ) {
    super()
    const settings = settingsOf({ url, protocols }, options)
    this.#url = settings.fixedUrl ?? ''
    this.#machine = startMachine(settings, 'blob', (type, event) => this.#tell(type, event))
  }

  /** A class with these options, for what takes a `WebSocket` class; those given to its constructor go before them. */
  static with(options: SocketOptions): typeof ResilientWebSocket {
    return class extends ResilientWebSocket {
      constructor(
        url: Provided<string | URL>,
        protocols?: Provided<string | readonly string[]>,
        more?: SocketOptions,
      ) {
        super(url, protocols, { ...options, ...more })
      }
    }
  }

  /** Of a URL given by a function, that of the last connection. */
  get url(): string {
    return this.#last?.url || this.#url
  }

  get readyState(): number {
    return readyStates[this.#machine.state]
  }

  /** Bytes that wait here or in the connection. */
  get bufferedAmount(): number {
    const { delivery, inner } = this.#machine
    return (delivery.queue?.bytes ?? 0) + (inner?.bufferedAmount ?? 0)
  }

  /** The smoothed round trip in milliseconds, once a heartbeat has measured one. */
  get rttMs(): number | undefined {
    return this.#machine.rttMs
  }

  get protocol(): string {
    return this.#last?.protocol ?? ''
  }

  get extensions(): string {
    return this.#last?.extensions ?? ''
  }

  get binaryType(): BinaryType {
    return this.#machine.binaryType as BinaryType
  }

  set binaryType(type: BinaryType) {
    if (type !== 'blob' && type !== 'arraybuffer') return
    this.#machine.binaryType = type
    if (this.#machine.inner) this.#machine.inner.binaryType = type
  }

  /**
   * Sends, or queues until a connection is ready; false after `close()`, when nothing is sent any more.
   *
   * @throws `QUEUE_FULL` when the queue rejects it
   */
  send(data: SocketData, options?: SendOptions): boolean {
    if (this.readyState >= this.CLOSING) {
      this.#tell('undelivered', { data, outcome: 'closed' })
      return false
    }
    this.#machine.send(data, options)
    return true
  }

  /** Says goodbye, and does not come back. @throws `InvalidAccessError`, `SyntaxError` */
  close(code?: number, reason?: string): void {
    checkCloseArguments(code, reason)
    this.#machine.close(code, reason)
  }

  /** Dials now, whatever it was doing, even after its end. */
  reconnect(): void {
    this.#machine.reconnect()
  }

  /** Takes in what the server says about coming back, by whatever way; holds from the next loss on. */
  advise(advice: Advice): void {
    this.#machine.advise(advice)
  }

  /** Keeps a Node process alive until it is closed, as it does unless {@link unref} was called. */
  ref(): this {
    this.#machine.reference(true)
    return this
  }

  /**
   * Lets a Node process end although it is not closed, whatever it is doing. Connections over the classes
   * of Bun and of Deno hold it all the same; in browsers it changes nothing.
   */
  unref(): this {
    this.#machine.reference(false)
    return this
  }

  /** Closes it, at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.#machine.close()
  }

  #tell<K extends keyof SocketEvents>(type: K, event: SocketEvents[K]): void {
    if (type === 'message') {
      const { data } = event as SocketEvents['message']
      this.dispatchEvent(messageEvent(data, this.#origin))
    } else if (type === 'opened') {
      this.#last = this.#machine.inner
      this.#origin = new URL(this.url).origin
      this.dispatchEvent(new Event('open'))
    } else if (type === 'closed') {
      const closed = event as SocketEvents['closed']
      // A line that is lost once it was open is no error: Chromium and ws say `close` alone.
      if (closed.phase === 'connecting' && closed.cause !== 'user')
        this.dispatchEvent(errorEvent(closed, this.#origin))
      this.dispatchEvent(closeEvent(closed))
    } else this.dispatchEvent(new CustomEvent(type, { detail: event }))
  }
}
