import type { Release } from '@evenkeel/core'

/** What the platform tells of itself. `woke` is a return from sleep, freeze or the back/forward cache. */
export type OutboxSignal = 'online' | 'offline' | 'visible' | 'hidden' | 'woke'

/** How an outbox learns of the network and of the page; the `PlatformSignals` of `@evenkeel/websocket` fit. */
export interface OutboxSignals {
  /** Whether there is a network, as far as is known. */
  isOnline(): boolean
  /** Calls back on each change, until released. */
  listen(listener: (signal: OutboxSignal) => void): Release
}
