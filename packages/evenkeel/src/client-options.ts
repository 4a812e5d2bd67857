import type { SingleFlightFetchOptions } from '@evenkeel/batch/fetch'
import type { Clock, Policy, Random } from '@evenkeel/core'
import type { LimitLike, NetworkMonitor, NetworkMonitorOptions } from '@evenkeel/core/network'
import type { FetchOptions, ResilientFetch } from '@evenkeel/fetch'
import type { Sharing } from '@evenkeel/fetch/shared-state'
import type { OutboxEvent } from '@evenkeel/outbox'
import type { OutboxFetch, StoredRequest } from '@evenkeel/outbox/fetch'
import type { FleetHintPolicy } from '@evenkeel/rate-limit/fleet-hint'
import type { ResilientSocketOptions } from '@evenkeel/websocket'
import type { HealthOptions } from './health/health.ts'

/** What a part of a client is made with: the client's own. */
export interface PartHost {
  readonly clock: Clock | undefined
  readonly random: Random | undefined
}

/** What the bulkhead of a client is made with. */
export interface BulkheadHost extends Pick<PartHost, 'clock'> {
  /** 10 calls at once on a good network, fewer on a thin one. */
  readonly limit: () => LimitLike
}

/** What the outbox of a client is made with. */
export interface OutboxHost extends PartHost {
  readonly fetch: ResilientFetch
  readonly baseUrl: URL | undefined
  /** Tells `events` of the client: call it from a listener of your own. */
  readonly onEvent: (event: OutboxEvent<StoredRequest, Response>) => void
}

/** What {@link createClient} can be told: all that `createFetch` can, and what concerns the whole. */
export interface ClientOptions<O extends OutboxFetch | undefined = OutboxFetch | undefined>
  extends Omit<FetchOptions, 'bulkhead' | 'network' | 'signal'> {
  /** What relative URLs of calls and sockets are relative to. @defaultValue the page, where there is one */
  readonly baseUrl?: string | URL | undefined
  /** What is known of the API, `discord()` for one; the options beside it go before it. */
  readonly preset?: Omit<FetchOptions, 'network' | 'signal'> | undefined
  /**
   * How identical reads in flight share one request; `false` sends each.
   * @defaultValue by their method, URL, credentials and what they accept; `false` in Cloudflare's Workers, where nobody may
   * wait for what another's request has set in motion
   */
  readonly singleFlight?: SingleFlightFetchOptions | false | undefined
  /** `false` watches nothing, and so sheds nothing. */
  readonly health?: Omit<HealthOptions, 'clock'> | false | undefined
  /**
   * Whether `deferred` calls are refused while the API is in a storm.
   * @defaultValue `true`: what can wait is the first that a server in need should not see
   */
  readonly shedsDeferred?: boolean | undefined
  /**
   * What watches the network, or how: timeouts, heartbeats, batch windows, the bulkhead's limit and `deferred` calls follow
   * it, unless `adapts` is `false`. @defaultValue `networkMonitor()`
   */
  readonly network?: NetworkMonitor | Omit<NetworkMonitorOptions, 'clock'> | undefined
  /** How many calls may be under way: `bulkhead` of @evenkeel/bulkhead, a function over it, or a policy. @defaultValue none */
  readonly bulkhead?: Policy | ((host: BulkheadHost) => Policy) | undefined
  /** Lets state outlive a reload and be one for all tabs: `sharing` of @evenkeel/fetch/shared-state, or a function over it. @defaultValue none */
  readonly shared?: ((host: PartHost) => Sharing) | undefined
  /** Where requests wait that can't be sent: `(host) => outboxFetch(store, host)`. @defaultValue none */
  readonly outbox?: ((host: OutboxHost) => O) | undefined
  /** `fleetHint()` of @evenkeel/rate-limit: heeds what the server asks its whole fleet for, on every response. @defaultValue none */
  readonly fleetHint?: FleetHintPolicy | undefined
  /** What sockets are by default. */
  readonly sockets?: Omit<ResilientSocketOptions, 'dials' | 'clock' | 'random'> | undefined
}
