import { platformChannel } from '@evenkeel/core/persistence'
import { closeEvent, messageEvent } from '#platform'
import type { Advice } from '../advice.ts'
import { checkCloseArguments } from '../close-arguments.ts'
import { errorEvent } from '../error-event.ts'
import type { SocketEvents } from '../events.ts'
import { HandlerTarget } from '../handler-target.ts'
import { lanes } from '../lanes.ts'
import type { Provided, SocketOptions } from '../options.ts'
import type { SocketData } from '../outbound-queue.ts'
import type { SendOptions } from '../send-options.ts'
import { settingsOf } from '../settings.ts'
import type { TabChannel } from './tab-link.ts'
import { TabSocket } from './tab-socket.ts'
import type { TabLocks } from './tab-turn.ts'

/** What a {@link SharedWebSocket} can be told. */
export interface SharedSocketOptions extends SocketOptions {
  /** Tabs with the same one share a connection. @defaultValue the URL and the protocols; needed when the URL is a function */
  readonly name?: string | undefined
  /** @defaultValue `navigator.locks`; without it every tab is alone */
  readonly locks?: TabLocks | undefined
  /** @defaultValue `BroadcastChannel`; without it every tab is alone */
  readonly channel?: ((name: string) => TabChannel) | undefined
}

const readyStates = { connecting: 0, waiting: 0, open: 1, closing: 2, closed: 3 }

/** What the browser has of it. */
function platformOf(name: string, { locks, channel }: SharedSocketOptions) {
  const turns =
    locks ?? (globalThis as { navigator?: { readonly locks?: TabLocks } }).navigator?.locks
  return (
    turns && { id: crypto.randomUUID(), name, locks: turns, channel: channel ?? platformChannel }
  )
}

/**
 * A `ResilientWebSocket` of which all tabs of an origin have one connection: one tab holds it, found by
 * Web Locks, the others send and receive through it by a `BroadcastChannel`. When that tab goes, another
 * connects, and what no connection had taken yet goes to it.
 */
export class SharedWebSocket extends HandlerTarget {
  readonly #socket: TabSocket
  #binaryType: BinaryType = 'blob'

  /** @throws `SyntaxError` for a URL or protocol of no use, `RangeError` for a bad option, `TypeError` without a name */
  constructor(
    url: Provided<string | URL>,
    protocols: Provided<string | readonly string[]> = [],
    options: SharedSocketOptions = {},
  ) {
    super()
    const queue = lanes(options.queue)
    const settings = settingsOf({ url, protocols }, { ...options, queue })
    const { name = settings.fixedUrl && [settings.fixedUrl, protocols].flat().join(' ') } = options
    if (!name) throw new TypeError('SharedWebSocket: name is needed, as the URL is a function')
    const platform = platformOf(`evenkeel ${name}`, options)
    this.#socket = new TabSocket(settings, platform, (type, event) => this.#tell(type, event))
  }

  /** Of a URL given by a function, that of the last connection. */
  get url(): string {
    return this.#socket.seen.url
  }

  get readyState(): number {
    return readyStates[this.#socket.state]
  }

  /** Whether it is this tab that holds the connection. */
  get isLeader(): boolean {
    return this.#socket.leader !== undefined
  }

  /** How many messages came by the channel that were malformed, foreign, or of another version. */
  get ignoredMessages(): number {
    return this.#socket.ignoredMessages
  }

  /** Bytes of this tab's messages that no connection has taken yet, and of the connection if it is here. */
  get bufferedAmount(): number {
    return this.#socket.bufferedAmount
  }

  /** The smoothed round trip in milliseconds, in the tab with the connection, once a heartbeat has measured one. */
  get rttMs(): number | undefined {
    return this.#socket.leader?.machine.rttMs
  }

  get protocol(): string {
    return this.#socket.seen.protocol
  }

  get extensions(): string {
    return this.#socket.seen.extensions
  }

  get binaryType(): BinaryType {
    return this.#binaryType
  }

  set binaryType(type: BinaryType) {
    if (type === 'blob' || type === 'arraybuffer') this.#binaryType = type
  }

  /**
   * Sends, or queues until a connection is ready; false after `close()`, when nothing is sent any more.
   *
   * @throws `QUEUE_FULL` when the queue rejects it
   */
  send(data: SocketData, options: SendOptions = {}): boolean {
    if (this.readyState >= this.CLOSING) {
      this.#tell('undelivered', { data, outcome: 'closed' })
      return false
    }
    this.#socket.send(data, options)
    return true
  }

  /** Ends it for this tab; the connection ends when this tab holds it. @throws `InvalidAccessError`, `SyntaxError` */
  close(code?: number, reason?: string): void {
    checkCloseArguments(code, reason)
    this.#socket.close(code, reason)
  }

  /** Lets the tab with the connection dial now, whatever it was doing; begins anew after the end. */
  reconnect(): void {
    this.#socket.reconnect()
  }

  /** Takes in what the server says about coming back, by whatever way; holds from the next loss on. */
  advise(advice: Advice): void {
    this.#socket.advise(advice)
  }

  /** Keeps a Node process alive until it is closed, as it does unless {@link unref} was called. */
  ref(): this {
    this.#socket.reference(true)
    return this
  }

  /**
   * Lets a Node process end although it is not closed, whatever it is doing. Connections over the classes
   * of Bun and of Deno hold it all the same; in browsers it changes nothing.
   */
  unref(): this {
    this.#socket.reference(false)
    return this
  }

  /** Closes it, at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.#socket.close()
  }

  #tell<K extends keyof SocketEvents>(type: K, event: SocketEvents[K]): void {
    const origin = this.url && new URL(this.url).origin
    if (type === 'message') {
      const { data: told } = event as SocketEvents['message']
      const isBlob = this.#binaryType === 'blob' && told instanceof ArrayBuffer
      const data = isBlob ? new Blob([told]) : told
      this.dispatchEvent(messageEvent(data, origin))
    } else if (type === 'opened') this.dispatchEvent(new Event('open'))
    else if (type === 'closed') {
      const closed = event as SocketEvents['closed']
      if (closed.phase === 'connecting' && closed.cause !== 'user')
        this.dispatchEvent(errorEvent(closed, origin))
      this.dispatchEvent(closeEvent(closed))
    } else this.dispatchEvent(new CustomEvent(type, { detail: event }))
  }
}
