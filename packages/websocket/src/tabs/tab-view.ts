import type { Closed, Tell } from '../events.ts'
import { nowhere } from '../loss.ts'
import type { Lead } from './tab-message.ts'

const apart = { state: 'connecting', url: '', protocol: '', extensions: '' } as const

/** What one tab shows of the connection: tells of it as of a connection of its own. */
export class TabView {
  /** The connection, as last heard of. */
  seen: Pick<Lead, 'state' | 'url' | 'protocol' | 'extensions'> = apart
  wasOpen = false
  readonly #tell: Tell

  constructor(tell: Tell) {
    this.#tell = tell
  }

  reset(): void {
    this.seen = apart
    this.wasOpen = false
  }

  /** How it ends for this tab alone. */
  farewell(code = 1005, reason = ''): Closed {
    const said = { code, reason, wasClean: true, phase: 'closing' } as const
    return { ...nowhere, ...(this.wasOpen ? said : {}), stop: 'closed' }
  }

  /** Takes in how the connection is now, in another tab than before if it `isNew`; gives its end when it has come. */
  take({ state, url, protocol, extensions, event }: Lead, isNew: boolean): Closed | undefined {
    const wasOpen = this.seen.state === 'open'
    this.seen = { state, url, protocol, extensions }
    if (wasOpen && isNew)
      this.#tell('disconnected', { ...nowhere, phase: 'open', cause: 'leader', failures: 0 })
    const hasOpened = event?.name === 'opened'
    // A tab may come late, and miss the event.
    if (hasOpened || (state === 'open' && (!wasOpen || isNew))) {
      const isReconnect = this.wasOpen
      this.wasOpen = true
      this.#tell('opened', { isReconnect, protocol })
    }
    if (event?.name === 'closed') return event.detail
    if (event && !hasOpened) this.#tell(event.name, event.detail)
    return undefined
  }
}
