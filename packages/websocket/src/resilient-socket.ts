import { errorCode } from '@evenkeel/core'
import type { Advice } from './advice.ts'
import { checkCloseArguments } from './close-arguments.ts'
import type { Closed, SocketEvents, SocketState, Undelivered } from './events.ts'
import { firstOf } from './first-of.ts'
import { lanes } from './lanes.ts'
import { type Listenable, Listeners } from './listenable.ts'
import { type Machine, startMachine } from './machine.ts'
import { socketClosed } from './not-sent.ts'
import type { Provided, SocketOptions } from './options.ts'
import type { SocketData } from './outbound-queue.ts'
import { receipt } from './receipt.ts'
import { sendOpen } from './send-open.ts'
import type { SendOptions } from './send-options.ts'
import { type Settings, settingsOf } from './settings.ts'

/** What {@link resilientSocket} can be told. */
export interface ResilientSocketOptions extends SocketOptions {
  readonly protocols?: Provided<string | readonly string[]> | undefined
  /** @defaultValue `'arraybuffer'`: a `Blob` can't be read in place */
  readonly binaryType?: BinaryType | undefined
}

/** A socket that comes back, with typed events and promises. */
export interface ResilientSocket extends Listenable<SocketEvents> {
  readonly state: SocketState
  /** The subprotocol of the open connection; empty without one. */
  readonly protocol: string
  /** Bytes that wait here or in the connection. */
  readonly bufferedAmount: number
  readonly queuedMessages: number
  /** The smoothed round trip in milliseconds, once a heartbeat has measured one. */
  readonly rttMs: number | undefined
  /**
   * Resolves when a connection took the message. That is no proof of delivery: of what was lost with
   * the connection `undelivered` tells.
   *
   * @throws `QUEUE_FULL`, `MESSAGE_EXPIRED`, `MESSAGE_SUPERSEDED`, `SOCKET_CLOSED`
   */
  send(data: SocketData, options?: SendOptions): Promise<void>
  /** Resolves when a connection is open, at once when one is. @throws `SOCKET_CLOSED` when there will be none */
  opened(signal?: AbortSignal): Promise<void>
  /** Resolves with how it ended. */
  closed(signal?: AbortSignal): Promise<Closed>
  /** Says goodbye, and does not come back. @throws `InvalidAccessError`, `SyntaxError` */
  close(code?: number, reason?: string): void
  /** Dials now, whatever it was doing, even after its end. */
  reconnect(): void
  /** Takes in what the server says about coming back, by whatever way; holds from the next loss on. */
  advise(advice: Advice): void
  /** Keeps a Node process alive until it is closed, as it does unless `unref` was called. */
  ref(): this
  /**
   * Lets a Node process end although it is not closed, whatever it is doing. Connections over the classes
   * of Bun and of Deno hold it all the same; in browsers it changes nothing.
   */
  unref(): this
  /** Closes it, at the end of a `using` block. */
  [Symbol.dispose](): void
}

const outcomes: Record<string, Undelivered['outcome']> = {
  QUEUE_FULL: 'overflow',
  SOCKET_CLOSED: 'closed',
}

class Socket implements ResilientSocket {
  readonly #listeners = new Listeners<SocketEvents>()
  readonly #machine: Machine
  /** Of all messages that went out at once. */
  readonly #sent = Promise.resolve()
  #last: Closed | undefined

  constructor(settings: Settings, binaryType: string) {
    this.#machine = startMachine(settings, binaryType, (type, event) => {
      if (type === 'closed') this.#last = event as Closed
      this.#listeners.emit(type, event)
    })
  }

  on<K extends keyof SocketEvents>(type: K, listener: (event: SocketEvents[K]) => void): void {
    this.#listeners.on(type, listener)
  }

  once<K extends keyof SocketEvents>(type: K, listener: (event: SocketEvents[K]) => void): void {
    this.#listeners.once(type, listener)
  }

  off<K extends keyof SocketEvents>(type: K, listener: (event: SocketEvents[K]) => void): void {
    this.#listeners.off(type, listener)
  }

  get state(): SocketState {
    return this.#machine.state
  }

  get protocol(): string {
    return this.#machine.inner?.protocol ?? ''
  }

  get bufferedAmount(): number {
    const { delivery, inner } = this.#machine
    return (delivery.queue?.bytes ?? 0) + (inner?.bufferedAmount ?? 0)
  }

  get queuedMessages(): number {
    return this.#machine.delivery.queue?.size ?? 0
  }

  get rttMs(): number | undefined {
    return this.#machine.rttMs
  }

  send(data: SocketData, options?: SendOptions): Promise<void> {
    const { delivery, session } = this.#machine
    // What goes out at once, as most does, needs no promise of its own.
    let kept = session || !delivery.isFree ? receipt() : undefined
    try {
      sendOpen(this.#machine, data, options, kept?.settle)
    } catch (error) {
      kept ??= receipt()
      kept.settle({ error })
      const outcome = outcomes[errorCode(error) ?? ''] ?? 'failed'
      this.#listeners.emit('undelivered', { data, outcome })
    }
    return kept?.sent ?? this.#sent
  }

  async opened(signal?: AbortSignal): Promise<void> {
    const { state } = this
    if (state === 'open') return
    const isOpen =
      state !== 'closed' &&
      (await firstOf<SocketEvents, 'opened' | 'closed'>(
        this.#listeners,
        ['opened', 'closed'],
        signal,
      )) === 'opened'
    if (!isOpen) throw socketClosed()
  }

  async closed(signal?: AbortSignal): Promise<Closed> {
    if (this.state !== 'closed')
      await firstOf<SocketEvents, 'closed'>(this.#listeners, ['closed'], signal)
    return this.#last as Closed
  }

  close(code?: number, reason?: string): void {
    checkCloseArguments(code, reason)
    this.#machine.close(code, reason)
  }

  reconnect(): void {
    this.#machine.reconnect()
  }

  advise(advice: Advice): void {
    this.#machine.advise(advice)
  }

  ref(): this {
    this.#machine.reference(true)
    return this
  }

  unref(): this {
    this.#machine.reference(false)
    return this
  }

  [Symbol.dispose](): void {
    this.#machine.close()
  }
}

/**
 * Opens a connection to `url` and keeps one up: comes back after losses without a stampede, queues
 * within bounds, and tells the truth about every end.
 *
 * @throws `SyntaxError` for a URL or protocol of no use, `RangeError` for a bad option
 */
export function resilientSocket(
  url: Provided<string | URL>,
  { protocols = [], binaryType = 'arraybuffer', ...options }: ResilientSocketOptions = {},
): ResilientSocket {
  const queue = lanes(options.queue)
  return new Socket(settingsOf({ url, protocols }, { ...options, queue }), binaryType)
}
