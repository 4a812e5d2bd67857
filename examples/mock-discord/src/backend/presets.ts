import type { GatewayOptions } from '../gateway/gateway-options.ts'
import type { BackendOptions } from './backend-options.ts'
import type { PoolOptions } from './pool-options.ts'
import type { VoiceOptions } from './voice-options.ts'

/** A backend, and the figures of the incident scenario that belong to it. */
export interface Preset {
  readonly backend: BackendOptions
  /** After this time without a reply the scenario's clients give up, in ms. */
  readonly clientTimeoutMs: number
  /** Requests a second on a normal day. */
  readonly baseRate: number
  readonly gateway: GatewayOptions
}

export type PresetName = 'legacy' | 'bounded' | 'prio'

const region = (share: number, instances: number, maxInstances: number): VoiceOptions => ({
  share,
  instances,
  slotsPerInstance: 1,
  joinMs: 400,
  queueDepth: 2_000,
  autoscale: false,
  targetCpuRatio: 0.7,
  queueThreshold: 100,
  minInstances: 1,
  maxInstances,
  startUpMs: 90_000,
  evaluateMs: 15_000,
  scaleDownAfterMs: 300_000,
})

/**
 * The database of the incident scenario: a pool of 5,000 behind a queue of 15,000 with a wait of 25 s is, by
 * Little's law, 600 jobs a second of 8.3 s each, where a normal day has 0.15 s. That is this law's X(5000)
 * = 601/s, 0.42 of its peak X(749) = 1,429/s.
 */
const legacyDatabase: PoolOptions = {
  poolSize: 5_000,
  queueDepth: 15_000,
  serviceMs: 150,
  sigma: 0.002,
  kappa: 1.78e-6,
  distribution: 'erlang2',
  order: 'fifo',
  dropAbandoned: false,
  timeoutMs: Number.POSITIVE_INFINITY,
}

/** The incident's fixed limits, ready but off: they are far below what its backend could serve. */
const gateway: GatewayOptions = {
  mode: 'off',
  algorithm: 'fixed-window',
  scope: 'service',
  limits: {
    gateway: Number.POSITIVE_INFINITY,
    messages: 5_000,
    voice: 3_000,
    files: Number.POSITIVE_INFINITY,
    users: Number.POSITIVE_INFINITY,
  },
  windowMs: 60_000,
  headers: 'retry-after',
  rejectMs: 50,
  // Ten times what the backend serves at its best.
  maxPerSecond: 14_290,
  adaptive: {
    intervalMs: 1_000,
    targetQueueMs: 200,
    increasePerSecond: 15,
    decreaseRatio: 0.8,
    startPerSecond: 1_286,
    minPerSecond: 15,
    maxPerSecond: 1_429,
  },
  queueLimit: Number.POSITIVE_INFINITY,
  queueShares: { critical: 1, important: 0.8, deferred: 0.5 },
  breaker: {
    enabled: false,
    failureRatio: 0.5,
    minRequests: 20,
    windowMs: 10_000,
    // A fifth of the time that was the peak of the day.
    slowMs: 6_000,
    openMs: 5_000,
    maxOpenMs: 30_000,
    probes: 3,
    rampMs: 10_000,
  },
}

const legacy: Preset = {
  backend: {
    database: legacyDatabase,
    replicas: { count: 0, lagMs: 50, replayPerSecond: 1_000, maxLagMs: 5_000 },
    voice: {
      'us-east': region(0.5, 43, 500),
      'eu-west': region(0.3, 26, 300),
      asia: region(0.2, 17, 200),
    },
    costs: { gateway: 0, messages: 1, voice: 1, files: 1, users: 1 },
    retryAfter: 'none',
    refusedHeaders: {},
    timeoutHeaders: {},
  },
  clientTimeoutMs: 30_000,
  baseRate: 428,
  gateway,
}

const bounded: Preset = {
  ...legacy,
  backend: { ...legacy.backend, database: { ...legacyDatabase, poolSize: 749, queueDepth: 1_000 } },
}

const prio: Preset = {
  ...bounded,
  backend: {
    ...bounded.backend,
    database: { ...bounded.backend.database, order: 'priority', dropAbandoned: true },
  },
}

/**
 * The backends of the incident scenario, at full size: `legacy` accepts everything and works on abandoned
 * requests, `bounded` has its pool at the knee and a short queue, `prio` serves and sheds by priority too.
 */
export const presets: Readonly<Record<PresetName, Preset>> = { legacy, bounded, prio }
