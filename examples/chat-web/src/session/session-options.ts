import type { Clock, Random } from '@evenkeel/core'
import type { PlatformSignals } from '@evenkeel/core/network'
import type { ShareStateOptions } from '@evenkeel/core/persistence'
import type { OutboxStore } from '@evenkeel/outbox'
import type { WebSocketConstructor } from '@evenkeel/websocket'
import type { SocketClass } from '../net/gateway.ts'
import type { KeyValueStorage } from './read-markers.ts'

/** What a session can be told. */
export interface SessionOptions {
  /** Of the API, without its version. */
  readonly apiUrl: string
  readonly clock: Clock
  readonly storage: KeyValueStorage
  readonly random?: Random | undefined
  readonly fetch?: typeof globalThis.fetch | undefined
  readonly WebSocket?: WebSocketConstructor | undefined
  readonly Socket?: SocketClass | undefined
  /** @defaultValue the browser's */
  readonly signals?: PlatformSignals | undefined
  /** Where what is known of the server outlives the page. @defaultValue Web Storage, and all tabs of the origin */
  readonly share?: ShareStateOptions | undefined
  /** Whether this page was there before, and has been loaded again. @defaultValue `false` */
  readonly isReload?: boolean | undefined
  /** Where a user's messages wait. @defaultValue IndexedDB, for all tabs */
  readonly outboxStore?: ((userId: string) => OutboxStore) | undefined
}
