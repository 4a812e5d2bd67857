import type { AutoscalerOptions } from './autoscaler.ts'
import type { GatewayOptions } from './gateway-options.ts'
import type { HintOptions } from './hint-publisher.ts'
import type { StationOptions } from './station-options.ts'

/** A backend at its full size: a gateway, a service, and what that depends on. */
export interface BackendOptions {
  /** @defaultValue one that lets all through */
  readonly gateway?: GatewayOptions | undefined
  readonly service: StationOptions
  /** What each request of the service waits for with its worker held: a database. @defaultValue none */
  readonly dependency?: StationOptions | undefined
  /** How many copies of the dependency serve its reads. @defaultValue 0 */
  readonly replicas?: number | undefined
  /** @defaultValue none */
  readonly autoscaler?: AutoscalerOptions | undefined
  /** @defaultValue none */
  readonly hint?: HintOptions | undefined
}

/** What of a backend changes while a scenario runs. */
export interface BackendChange {
  readonly gateway?: GatewayOptions | undefined
  readonly service?: Partial<StationOptions> | undefined
  /** The size of the service, against its full size. */
  readonly serviceSize?: number | undefined
  readonly dependency?: Partial<StationOptions> | undefined
  /** The size of the dependency and its replicas. */
  readonly dependencySize?: number | undefined
}
