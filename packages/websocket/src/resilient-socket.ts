import { errorCode } from '@evenkeel/core'
import type { Advice } from './advice.ts'
import { checkCloseArguments } from './close-arguments.ts'
import type { Closed, SocketEvents, SocketState, Undelivered } from './events.ts'
import { firstOf } from './first-of.ts'
import { type Listenable, Listeners } from './listenable.ts'
import { Machine } from './machine.ts'
import { notSent } from './not-sent.ts'
import type { Provided, SocketOptions } from './options.ts'
import type { SocketData } from './outbound-queue.ts'
import type { SendOptions } from './send-options.ts'
import { settingsOf } from './settings.ts'

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
   * Lets a Node process end although it is not closed, whatever it is doing. Of a connection over Node's own
   * class that holds with `undiciWebSocket()` only; in browsers it changes nothing.
   */
  unref(): this
  /** Closes it, at the end of a `using` block. */
  [Symbol.dispose](): void
}

const outcomes: Record<string, Undelivered['outcome']> = {
  QUEUE_FULL: 'overflow',
  SOCKET_CLOSED: 'closed',
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
  const listeners = new Listeners<SocketEvents>()
  let last: Closed | undefined
  const machine = new Machine(
    settingsOf({ url, protocols }, options),
    binaryType,
    (type, event) => {
      if (type === 'closed') last = event as Closed
      listeners.emit(type, event)
    },
  )

  return {
    on: (type, listener) => listeners.on(type, listener),
    once: (type, listener) => listeners.once(type, listener),
    off: (type, listener) => listeners.off(type, listener),
    get state() {
      return machine.state
    },
    get protocol() {
      return machine.inner?.protocol ?? ''
    },
    get bufferedAmount() {
      return machine.delivery.queuedBytes + (machine.inner?.bufferedAmount ?? 0)
    },
    get queuedMessages() {
      return machine.delivery.queuedMessages
    },
    get rttMs() {
      return machine.rttMs
    },
    send(data, sendOptions) {
      const sent = new Promise<void>((resolve, reject) => {
        try {
          machine.send(data, sendOptions, { resolve, reject })
        } catch (error) {
          reject(error)
          listeners.emit('undelivered', {
            data,
            outcome: outcomes[errorCode(error) ?? ''] ?? 'failed',
          })
        }
      })
      // Who does not wait for it hears of it by `undelivered`.
      sent.catch(() => {})
      return sent
    },
    async opened(signal) {
      if (machine.state === 'open') return
      const isOpen =
        machine.state !== 'closed' &&
        (await firstOf<SocketEvents, 'opened' | 'closed'>(
          listeners,
          ['opened', 'closed'],
          signal,
        )) === 'opened'
      if (!isOpen) throw notSent('closed')
    },
    async closed(signal) {
      if (machine.state !== 'closed')
        await firstOf<SocketEvents, 'closed'>(listeners, ['closed'], signal)
      return last as Closed
    },
    close(code, reason) {
      checkCloseArguments(code, reason)
      machine.close(code, reason)
    },
    reconnect: () => machine.reconnect(),
    advise: (advice) => machine.advise(advice),
    ref() {
      machine.reference(true)
      return this
    },
    unref() {
      machine.reference(false)
      return this
    },
    [Symbol.dispose]: () => machine.close(),
  }
}
