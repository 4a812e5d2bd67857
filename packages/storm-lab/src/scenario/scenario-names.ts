import type { GatewayOptions } from '../backend/gateway-options.ts'
import type { StationOptions } from '../backend/station-options.ts'
import type { Names } from './known-names.ts'
import type { Scenario } from './scenario.ts'

const station: Names<StationOptions> = {
  workers: 0,
  serviceMs: 0,
  queue: 0,
  discipline: 0,
  distribution: 0,
  sharing: 0,
  contention: 0,
  coherency: 0,
  queueTimeoutMs: 0,
  dropsAbandoned: 0,
}

const gateway: Names<GatewayOptions> = {
  state: 0,
  maxPerSecond: 0,
  rejectMs: 0,
  limiter: { kind: 0, perSecond: 0, windowMs: 0, targetQueueMs: 0, hasRetryAfter: 0 },
  clientLimit: { perSecond: 0, burst: 0 },
  faults: { ratio: 0, status: 0, afterMs: 0 },
  hasRetryAfter: 0,
}

/** All that a scenario can say. */
export const scenarioNames: Names<Scenario> = {
  name: 0,
  about: 0,
  durationMs: 0,
  trigger: 0,
  peak: 0,
  phases: { name: 0, fromMs: 0, toMs: 0 },
  load: {
    callsPerSecond: 0,
    shape: 0,
    callsPerClient: 0,
    priorities: { critical: 0, important: 0, deferred: 0 },
    classes: { name: 0, ratio: 0, activity: 0 },
    readRatio: 0,
    idempotentRatio: 0,
    patienceMs: 0,
  },
  reloads: { ratio: 0, afterMs: 0, forgets: 0 },
  pulses: { atMs: 0, overMs: 0, ratio: 0 },
  network: { roundTripMs: 0, lossRatio: 0 },
  offline: { ratio: 0, fromMs: 0, toMs: 0, backOverMs: 0 },
  sockets: {
    acceptsPerSecond: 0,
    acceptQueue: 0,
    showsStatus: 0,
    dialTimeoutMs: 0,
    drops: { atMs: 0, ratio: 0, overMs: 0, code: 0, hint: 0 },
  },
  backend: {
    gateway,
    service: station,
    dependency: station,
    replicas: 0,
    autoscaler: { targetRatio: 0, queueRatio: 0, everyMs: 0, startUpMs: 0, maxSize: 0 },
    hint: {
      everyMs: 0,
      targetRatio: 0,
      drainRatio: 0,
      smoothingRatio: 0,
      staleMs: 0,
      lagMs: 0,
      lostFromMs: 0,
      errorFactor: 0,
      isSaid: 0,
    },
  },
  regions: { name: 0, ratio: 0 },
  changes: {
    atMs: 0,
    region: 0,
    failover: { to: 0, overMs: 0 },
    label: 0,
    gateway,
    service: station,
    serviceSize: 0,
    dependency: station,
    dependencySize: 0,
  },
  clients: 0,
}
