import type { BackendStatus } from '../backend/backend.ts'
import type { PoolStatus } from '../backend/pool-status.ts'
import type { PresetName } from '../backend/presets.ts'
import { kneeConcurrency } from '../backend/scalability.ts'
import type { Scale } from '../backend/scaled.ts'
import type { CascadeStatus } from '../cascade/cascade-monitor.ts'
import type { ActiveFault } from '../faults/faults.ts'
import type { GatewayStatus } from '../gateway/gateway.ts'
import type { FleetHintStatus } from '../hint/fleet-hints.ts'
import type { IncidentMachinery } from '../incident-machinery.ts'
import type { LimitCounters } from '../limits/counters.ts'
import type { Limits } from '../limits/limits.ts'
import type { ClientRow } from '../metrics/client-table.ts'
import type { HourStatus } from '../metrics/last-hour.ts'
import type { Durations, MetricsSnapshot } from '../metrics/metrics.ts'
import type { ScenarioStatus } from '../scenario/scenario.ts'
import type { SocketGateway } from '../sockets/socket-gateway.ts'
import type { SocketsStatus } from '../sockets/socket-status.ts'

/** What the incident's operators asked their tools. */
export interface MockStatus {
  readonly uptimeMs: number
  /** How it all looks, and why. */
  readonly cascade: CascadeStatus
  readonly hour: HourStatus
  readonly preset: PresetName | undefined
  readonly scale: Scale | undefined
  readonly api: {
    readonly requests: number
    /** `ok` of all but `invalid`; `null` before the first. */
    readonly successRatio: number | null
    readonly durations: Durations
    readonly services: MetricsSnapshot['services']
  }
  readonly gateway: GatewayStatus
  /** What is asked of the whole fleet. */
  readonly fleetHint: FleetHintStatus
  /** The WebSocket Gateway. */
  readonly sockets: SocketsStatus
  /** Discord's own limits. */
  readonly discord: Readonly<LimitCounters> & { readonly enabled: boolean }
  readonly database: PoolStatus & {
    readonly state: 'ok' | 'strained' | 'exhausted'
    /** Beyond so many in service, throughput falls; `null` if it never does. */
    readonly knee: number | null
    readonly drainMs: number
    readonly queueing: Durations
  }
  readonly replicas: BackendStatus['replicas']
  readonly voice: BackendStatus['voice']
  readonly retries: {
    readonly seen: number
    readonly perHour: number
    readonly amplification: number
    /** Retries ahead of the time a 429 or 503 had named. */
    readonly early: number
    /** Attempts beyond the fourth. */
    readonly excess: number
    readonly kinds: readonly ClientRow[]
  }
  readonly faults: readonly ActiveFault[]
  readonly scenario: ScenarioStatus | undefined
}

/** Gathers the status of a running mock. */
export function mockStatus(
  machinery: IncidentMachinery,
  limits: Limits,
  sockets: SocketGateway,
): MockStatus {
  const metrics = machinery.metrics.snapshot(0)
  const { database, replicas, voice } = machinery.model.status
  const { kinds } = metrics.clients
  const asked = metrics.requests - metrics.outcomes.invalid
  const knee = kneeConcurrency(machinery.model.options.database)
  const sum = (count: (row: ClientRow) => number) =>
    kinds.reduce((total, row) => total + count(row), 0)
  return {
    uptimeMs: metrics.uptimeMs,
    cascade: machinery.cascade.status,
    hour: machinery.metrics.hour(),
    preset: machinery.options.preset,
    scale: machinery.options.scale,
    api: {
      requests: metrics.requests,
      successRatio: asked === 0 ? null : metrics.outcomes.ok / asked,
      durations: metrics.durations,
      services: metrics.services,
    },
    gateway: machinery.limiter.status,
    fleetHint: machinery.hints.status,
    sockets: sockets.status,
    discord: { enabled: limits.enabled, ...limits.counters },
    database: {
      ...database,
      state: stateOf(database, knee),
      knee: knee === Number.POSITIVE_INFINITY ? null : knee,
      drainMs: machinery.model.drainMs,
      queueing: metrics.queueing,
    },
    replicas,
    voice,
    retries: {
      seen: metrics.retries,
      perHour: metrics.uptimeMs > 0 ? (metrics.retries * 3_600_000) / metrics.uptimeMs : 0,
      amplification: metrics.amplification,
      early: sum(({ early }) => early),
      excess: sum(({ excess }) => excess),
      kinds,
    },
    faults: machinery.faultRules.active,
    scenario: machinery.scenario?.status,
  }
}

function stateOf({ inUse, poolSize, queued }: PoolStatus, knee: number) {
  if (inUse >= poolSize && queued > 0) return 'exhausted'
  return inUse > knee || inUse > 0.8 * poolSize ? 'strained' : 'ok'
}
