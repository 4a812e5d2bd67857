import type { SingleFlightFetchOptions } from '@evenkeel/batch/fetch'
import type { FetchOptions } from '@evenkeel/fetch'
import type { FleetHintPolicy } from '@evenkeel/rate-limit/fleet-hint'
import type { ResilientSocketOptions } from '@evenkeel/websocket'
import type { HealthOptions } from './health/health.ts'

/** What {@link createClient} can be told: all that `createFetch` can, and what concerns the whole. */
export interface ClientOptions extends FetchOptions {
  /** What relative URLs of calls and sockets are relative to. @defaultValue the page, where there is one */
  readonly baseUrl?: string | URL | undefined
  /** What is known of the API, `discord()` for one; the options beside it go before it. */
  readonly preset?: FetchOptions | undefined
  /** How identical reads in flight share one request; `false` sends each. */
  readonly singleFlight?: SingleFlightFetchOptions | false | undefined
  /** `false` watches nothing, and so sheds nothing. */
  readonly health?: Omit<HealthOptions, 'clock'> | false | undefined
  /**
   * Whether `deferred` calls are refused while the API is in a storm.
   * @defaultValue `true`: what can wait is the first that a server in need should not see
   */
  readonly shedsDeferred?: boolean | undefined
  /** `fleetHint()` of @evenkeel/rate-limit: heeds what the server asks its whole fleet for, on every response. @defaultValue none */
  readonly fleetHint?: FleetHintPolicy | undefined
  /** What sockets are by default. */
  readonly sockets?: Omit<ResilientSocketOptions, 'dials' | 'clock' | 'random'> | undefined
}
