import { type Preset, presets } from '@evenkeel/mock-discord'
import type { StationOptions } from '@evenkeel/storm-lab'
import { sharedLoad, sharedScenario } from './shared-scenario.ts'

const { legacy } = presets
const { service, gateway = {} } = sharedScenario.backend

/** A station of the lab in the words of the mock, where they differ. */
function database(station: StationOptions): Partial<Preset['backend']['database']> {
  const { workers, queue, serviceMs, contention = 0, coherency = 0 } = station
  return {
    poolSize: workers,
    queueDepth: queue ?? Number.POSITIVE_INFINITY,
    serviceMs,
    sigma: contention,
    kappa: coherency,
  }
}

/** The mock's server with what the shared scenario says of it, at full size. */
export const serverPreset: Preset = {
  ...legacy,
  baseRate: sharedLoad.callsPerSecond,
  backend: {
    ...legacy.backend,
    database: { ...legacy.backend.database, ...database(service) },
  },
  gateway: {
    ...legacy.gateway,
    maxPerSecond: gateway.maxPerSecond ?? legacy.gateway.maxPerSecond,
  },
}

/** The part of the requests that fails by itself, on a normal day too. */
export const faultRatio: number = gateway.faults?.ratio ?? 0
