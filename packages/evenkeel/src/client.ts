import type { Batch, BatchOptions, Load } from '@evenkeel/batch'
import type { NetworkChanged, NetworkMonitor } from '@evenkeel/core/network'
import type { SharedState } from '@evenkeel/core/persistence'
import type { FetchEvent, ResilientFetch } from '@evenkeel/fetch'
import type { OutboxEvent } from '@evenkeel/outbox'
import type { OutboxFetch, StoredRequest } from '@evenkeel/outbox/fetch'
import type {
  Listenable,
  Provided,
  ResilientSocket,
  ResilientSocketOptions,
} from '@evenkeel/websocket'
import type { HealthState } from './health/health.ts'

/** What a client tells, by name. */
export type ClientEvents = {
  readonly [K in FetchEvent['type']]: Extract<FetchEvent, { readonly type: K }>
} & {
  readonly healthChanged: HealthState
  /** With what the network asks for, and why. */
  readonly networkChanged: NetworkChanged
  /** All that happens in the outbox. */
  readonly outboxChanged: OutboxEvent<StoredRequest, Response>
}

/** How a client is closed. */
export interface CloseOptions {
  /**
   * Whether calls under way, and batches that gather, are brought to an end first; each within its own deadline.
   * @defaultValue `false`: they are aborted, with `CLIENT_CLOSED`
   */
  readonly drains?: boolean | undefined
}

/** One client for one API: whatever goes through it shares what is known of the API's health. */
export interface Client<O extends OutboxFetch | undefined = OutboxFetch | undefined>
  extends Disposable,
    AsyncDisposable {
  /** A drop-in fetch; URLs may be relative to `baseUrl`. @throws besides what `createFetch`'s throws, `SHED_IN_STORM` and `CLIENT_CLOSED` */
  readonly fetch: ResilientFetch
  /** A socket to the API, under the same budget, cooldowns and breaker. */
  socket(url: Provided<string | URL>, options?: ResilientSocketOptions): ResilientSocket
  /** A batch that ends with the client. */
  batch<K, V>(load: Load<K, V>, options?: BatchOptions<K>): Batch<K, V>
  /** Sends requests now or later; `undefined` without the option. */
  readonly outbox: O
  /** How the API is, and why. */
  readonly health: HealthState
  /** How the network is, and what it asks for. */
  readonly network: NetworkMonitor
  /** What outlives a reload and is shared by tabs; `undefined` without the option. */
  readonly shared: SharedState | undefined
  readonly events: Listenable<ClientEvents>
  /**
   * Ends it: nothing new begins, sockets and batches are closed, calls under way aborted or drained. What the outbox
   * holds stays stored. Resolves when nothing is left: no call, timer, listener, connection or lock.
   */
  close(options?: CloseOptions): Promise<void>
}
