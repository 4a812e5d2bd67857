import type { WorldResult } from '../run/replay.ts'
import { quantile } from './quantile.ts'

/** How well the machine kept up, over every process of a run. */
export interface MachineLoad {
  /** The mean of the busiest process, and its busiest quarter of a second, of one core. */
  readonly busiest: {
    readonly process: string
    readonly meanCpuRatio: number
    readonly peakCpuRatio: number
  }
  /** All processes together, in cores. */
  readonly meanCores: number
  /** How late event loops were, in real ms: in 99 of 100 samples less than this, and at worst. */
  readonly p99LagMs: number
  readonly maxLagMs: number
  readonly isTrustworthy: boolean
}

/** A tenth of the shortest time that decides anything: a request's timeout of 30 s, at the run's pace. */
const lagShare = 0.1

/** Sums up the health of all processes; `requestTimeoutMs` is the shortest timeout in real ms. */
export function machineLoad(
  results: readonly WorldResult[],
  requestTimeoutMs: number,
): MachineLoad {
  const processes = results.flatMap(({ world, serverSamples, fleetSamples }) => [
    { process: `server of ${world.name}`, samples: serverSamples.map(({ health }) => health) },
    { process: `fleet of ${world.name}`, samples: fleetSamples.map(({ health }) => health) },
  ])
  const loads = processes.map(({ process, samples }) => {
    const ratios = samples.map(({ cpuRatio }) => cpuRatio)
    const sum = ratios.reduce((total, ratio) => total + ratio, 0)
    return {
      process,
      meanCpuRatio: sum / Math.max(1, ratios.length),
      peakCpuRatio: Math.max(0, ...ratios),
    }
  })
  const lags = processes.flatMap(({ samples }) => samples.map(({ lagMs }) => lagMs))
  const p99LagMs = quantile(lags, 0.99) ?? 0
  const busiest = loads.reduce((a, b) => (b.meanCpuRatio > a.meanCpuRatio ? b : a), {
    process: 'none',
    meanCpuRatio: 0,
    peakCpuRatio: 0,
  })
  return {
    busiest,
    meanCores: loads.reduce((total, { meanCpuRatio }) => total + meanCpuRatio, 0),
    p99LagMs,
    maxLagMs: Math.max(0, ...lags),
    isTrustworthy: p99LagMs <= lagShare * requestTimeoutMs,
  }
}
