import type { Clock, Timer } from '@evenkeel/core'
import type { Kernel } from '../kernel/kernel.ts'

/** When the incident began: what the wall shows at instant 0. */
const wallMs = Date.UTC(2022, 0, 25, 16, 47, 12)

/** The kernel's time as a clock of @evenkeel/core. */
export class VirtualClock implements Clock {
  readonly #kernel: Kernel
  readonly #kind: number
  readonly #callbacks: ((() => void) | undefined)[] = []
  readonly #free: number[] = []

  /** `onCall` is told before each callback. */
  constructor(kernel: Kernel, onCall: () => void) {
    this.#kernel = kernel
    this.#kind = kernel.on((place) => {
      const callback = this.#callbacks[place]
      this.#callbacks[place] = undefined
      this.#free.push(place)
      if (!callback) return
      onCall()
      callback()
    })
  }

  now(): number {
    return this.#kernel.nowMs
  }

  wallNow(): number {
    return wallMs + this.#kernel.nowMs
  }

  scheduleAt(atMs: number, callback: () => void): Timer {
    if (atMs === Infinity) return { cancel() {} }
    const callbacks = this.#callbacks
    const place = this.#free.pop() ?? callbacks.length
    callbacks[place] = callback
    this.#kernel.at(atMs, this.#kind, place)
    return {
      cancel() {
        // Its place may have been given to another since.
        if (callbacks[place] === callback) callbacks[place] = undefined
      },
    }
  }
}
