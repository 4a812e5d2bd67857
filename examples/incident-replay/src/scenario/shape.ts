import { kneeConcurrency, scaled, throughputPerSecond } from '@evenkeel/mock-discord'
import type { Scenario } from './scenario.ts'
import { serverPreset } from './server-preset.ts'

/** The server of a run, and the ratios by which it is the incident's server; times in ms of the scenario. */
export interface Shape {
  readonly peakPerSecond: number
  readonly poolSize: number
  readonly queueDepth: number
  readonly basePerSecond: number
  /** Throughput with the whole pool busy, beside the most it can do. */
  readonly degradedToPeak: number
  readonly baseToPeak: number
  /** What a full queue waits at degraded throughput, beside a client's timeout. */
  readonly queueWaitToTimeout: number
}

/** Works out the server of a scale; rates in the scenario's time, as everything that is shown. */
export function shapeOf({ rate, time }: Scenario['scale']): Shape {
  const { backend, baseRate, clientTimeoutMs } = scaled(serverPreset, { rate, time })
  const { database } = backend
  const peak = throughputPerSecond(database, kneeConcurrency(database))
  const degraded = throughputPerSecond(database, database.poolSize)
  return {
    peakPerSecond: peak / time,
    poolSize: database.poolSize,
    queueDepth: database.queueDepth,
    basePerSecond: baseRate / time,
    degradedToPeak: degraded / peak,
    baseToPeak: baseRate / peak,
    queueWaitToTimeout: (1_000 * database.queueDepth) / degraded / clientTimeoutMs,
  }
}
