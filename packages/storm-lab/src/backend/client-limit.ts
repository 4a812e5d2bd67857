import { checkNumber } from '@evenkeel/core'

/** How much a gateway takes from each client. */
export interface ClientLimitOptions {
  /** In the long run. */
  readonly perSecond: number
  /** How many may come at once. @defaultValue 1 */
  readonly burst?: number | undefined
}

/** Counts each client by itself, by the generic cell rate algorithm (ITU-T I.371): one number for each. */
export class ClientLimit {
  readonly #intervalMs: number
  readonly #earlyMs: number
  /** By client: when its bucket is full again. */
  readonly #fullAtMs = new Map<number, number>()

  constructor({ perSecond, burst = 1 }: ClientLimitOptions) {
    checkNumber('gateway', 'clientLimit.perSecond', perSecond, 1e-9)
    checkNumber('gateway', 'clientLimit.burst', burst, 1)
    this.#intervalMs = 1000 / perSecond
    this.#earlyMs = (burst - 1) * this.#intervalMs
  }

  /** The wait to give to an attempt that is refused; -1 to let it through. */
  refusal(client: number, nowMs: number): number {
    const fullAtMs = Math.max(nowMs, this.#fullAtMs.get(client) ?? 0)
    const waitMs = fullAtMs - nowMs - this.#earlyMs
    if (waitMs > 0) return waitMs
    this.#fullAtMs.set(client, fullAtMs + this.#intervalMs)
    return -1
  }
}
