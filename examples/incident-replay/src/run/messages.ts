import type { CallRecord } from '../fleet/call-record.ts'
import type { Tally } from '../fleet/tally.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { SocketRecords } from '../statistics/socket-stats.ts'
import type { WorldName } from '../worlds/world.ts'
import type { Health } from './process-health.ts'

/** What a world's two processes are told first. */
export interface Setup {
  readonly type: 'setup'
  readonly scenario: Scenario
  readonly seed: number
  readonly world: WorldName
  /** For the fleet: where its server is, as in `http://127.0.0.1:8080`. */
  readonly url?: string
}

/** The scenario begins at this instant of the wall clock, for every process. */
interface Start {
  readonly type: 'start'
  readonly epochMs: number
}

export type ToChild = Setup | Start | { readonly type: 'finish' }

/** A server as it was at an instant of the scenario; counts and times since its start. */
export interface ServerSample {
  readonly atMs: number
  readonly inUse: number
  readonly queued: number
  readonly requests: number
  readonly retries: number
  /** The database's time, in real ms. */
  readonly usefulMs: number
  readonly wastedMs: number
  readonly health: Health
}

/** A fleet as it was at an instant of the scenario. */
export interface FleetSample {
  readonly atMs: number
  readonly tally: Tally
  /** Calls under way for longer than ten seconds of the scenario. */
  readonly waiting: number
  /** Connected to the Gateway now, and dials since the start. */
  readonly connected: number
  readonly dials: number
  readonly health: Health
}

/** All that a fleet has seen. */
export interface FleetResult {
  readonly records: readonly CallRecord[]
  readonly sentAtMs: readonly number[]
  readonly sockets: SocketRecords
}

export type FromServer =
  | { readonly type: 'ready'; readonly url: string }
  | { readonly type: 'serverSample'; readonly sample: ServerSample }

export type FromFleet =
  | { readonly type: 'ready' }
  | { readonly type: 'fleetSample'; readonly sample: FleetSample }
  | { readonly type: 'result'; readonly result: FleetResult }
