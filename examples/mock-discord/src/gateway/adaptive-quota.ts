import type { AdaptiveOptions } from './gateway-options.ts'

/** How the backend behind a service is doing. */
export interface BackendSignal {
  /** Until the queue is drained, in ms. */
  readonly drainMs: number
  /** Requests that wait. */
  readonly queued: number
  /** Whether more is in service than the backend serves best. */
  readonly isBeyondKnee: boolean
}

/**
 * A quota in requests a second that follows the backend by additive increase and multiplicative decrease (Chiu and
 * Jain, 1989). It falls from what was really admitted, so that an unused quota is no reserve for a storm, and rises only
 * while it is used.
 */
export class AdaptiveQuota {
  #perSecond: number
  #admitted = 0
  #turnedAway = 0
  #sinceMs: number

  constructor({ startPerSecond }: AdaptiveOptions, nowMs: number) {
    this.#perSecond = startPerSecond
    this.#sinceMs = nowMs
  }

  get perSecond(): number {
    return this.#perSecond
  }

  count(admitted: boolean): void {
    if (admitted) this.#admitted++
    else this.#turnedAway++
  }

  /** Changes the quota if an interval is over. */
  follow(options: AdaptiveOptions, signal: () => BackendSignal, nowMs: number): void {
    const spanMs = nowMs - this.#sinceMs
    if (spanMs < options.intervalMs) return
    const admittedPerSecond = (1_000 * this.#admitted) / spanMs
    const isUsed = this.#turnedAway > 0 || admittedPerSecond > this.#perSecond / 2
    const { drainMs, isBeyondKnee } = signal()
    const { minPerSecond, maxPerSecond, decreaseRatio, increasePerSecond, targetQueueMs } = options
    if (drainMs > targetQueueMs || isBeyondKnee) {
      this.#perSecond = Math.min(this.#perSecond, admittedPerSecond) * decreaseRatio
    } else if (isUsed) {
      this.#perSecond += increasePerSecond
    }
    this.#perSecond = Math.min(maxPerSecond, Math.max(minPerSecond, this.#perSecond))
    this.#admitted = 0
    this.#turnedAway = 0
    this.#sinceMs = nowMs
  }
}
