import type { Clock } from '../clock.ts'
import type { IgnoredReason } from './envelope.ts'
import { readMessage, type StateMessage, writeMessage } from './state-message.ts'

/** As of `BroadcastChannel`. */
export interface StateChannel {
  /** Hears the other tabs. */
  onmessage: ((event: MessageEvent) => void) | null
  /** Tells all other tabs. */
  postMessage(message: unknown): void
  /** Ends it. */
  close(): void
}

/** Speaks with the other tabs; without a channel there are none. */
export class TabChannel {
  readonly #channel: StateChannel | undefined
  readonly #clock: Clock
  readonly #maxLength: number

  constructor(
    channel: StateChannel | undefined,
    maxLength: number,
    clock: Clock,
    hear: (message: StateMessage) => void,
    ignore: (reason: IgnoredReason) => void,
  ) {
    this.#channel = channel
    this.#clock = clock
    this.#maxLength = maxLength
    if (channel)
      channel.onmessage = ({ data }) => {
        const message = readMessage(data, maxLength, clock)
        if ('ignored' in message) ignore(message.ignored)
        else hear(message)
      }
  }

  /** Tells all other tabs, unless it is so long that they would not listen. */
  post(message: StateMessage): void {
    const text = writeMessage(message, this.#clock)
    if (this.#channel && text.length <= this.#maxLength) this.#channel.postMessage(text)
  }

  close(): void {
    if (!this.#channel) return
    this.#channel.onmessage = null
    this.#channel.close()
  }
}
