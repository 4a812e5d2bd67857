import { readTabMessage, type TabMessage, tabEnvelope } from './tab-message.ts'

/** As of `BroadcastChannel`. */
export interface TabChannel {
  onmessage: ((event: MessageEvent) => void) | null
  onmessageerror: ((event: MessageEvent) => void) | null
  /** Tells all other tabs. */
  postMessage(message: unknown): void
  /** Ends it. */
  close(): void
}

/** What tabs say to each other by a channel; what is none of that is counted, and not heard. */
export class TabLink {
  ignored = 0
  readonly #channel: TabChannel

  constructor(channel: TabChannel, hear: (message: TabMessage) => void) {
    this.#channel = channel
    channel.onmessage = ({ data }) => {
      const message = readTabMessage(data)
      if (message) hear(message)
      else this.ignored++
    }
    channel.onmessageerror = () => {
      this.ignored++
    }
  }

  /** Posts; false for what can't be cloned. */
  post(message: TabMessage): boolean {
    try {
      this.#channel.postMessage(tabEnvelope(message))
      return true
    } catch {
      return false
    }
  }

  close(): void {
    this.#channel.onmessage = this.#channel.onmessageerror = null
    this.#channel.close()
  }
}
