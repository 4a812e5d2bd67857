import { readTabMessage, type TabMessage, tabEnvelope } from './tab-message.ts'

/** As of `BroadcastChannel`. */
export interface TabChannel {
  onmessage: ((event: MessageEvent) => void) | null
  onmessageerror: ((event: MessageEvent) => void) | null
  /** Tells all other tabs. */
  postMessage(message: unknown): void
  /** Ends it. */
  close(): void
  /** Of Node's: keeps a process alive while it is open. */
  ref?(): unknown
  /** Of Node's: no longer does. */
  unref?(): unknown
}

/** What tabs say to each other by a channel. */
export class TabLink {
  readonly #channel: TabChannel

  /** What is malformed, foreign, or of another version is not heard: `ignore` is told. */
  constructor(channel: TabChannel, hear: (message: TabMessage) => void, ignore: () => void) {
    this.#channel = channel
    channel.onmessage = ({ data }) => {
      const message = readTabMessage(data)
      if (message) hear(message)
      else ignore()
    }
    channel.onmessageerror = ignore
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

  /** Whether a Node process lives for it. */
  reference(isReferenced: boolean): void {
    if (isReferenced) this.#channel.ref?.()
    else this.#channel.unref?.()
  }

  close(): void {
    this.#channel.onmessage = this.#channel.onmessageerror = null
    this.#channel.close()
  }
}
