import { monitorEventLoopDelay } from 'node:perf_hooks'
import process from 'node:process'

/** How well a process kept up since the sample before. */
export interface Health {
  /** Of one core. */
  readonly cpuRatio: number
  /** The longest time in real ms by which its event loop was late, this sample included. */
  readonly lagMs: number
}

const resolutionMs = 10

/** Watches its own process. */
export class ProcessHealth {
  readonly #delay = monitorEventLoopDelay({ resolution: resolutionMs })
  #cpu = process.cpuUsage()
  #atMs = performance.now()

  constructor() {
    this.#delay.enable()
  }

  /** Forgets how it was until now. */
  reset(): void {
    this.#cpu = process.cpuUsage()
    this.#atMs = performance.now()
    this.#delay.reset()
  }

  /** Takes a sample that was due `everyMs` after the one before. */
  sample(everyMs: number): Health {
    const { user, system } = process.cpuUsage(this.#cpu)
    const atMs = performance.now()
    const cpuRatio = (user + system) / 1_000 / (atMs - this.#atMs)
    const lateMs = atMs - this.#atMs - everyMs
    const lagMs = Math.max(0, lateMs, this.#delay.max / 1e6 - resolutionMs)
    this.reset()
    return { cpuRatio, lagMs }
  }
}
