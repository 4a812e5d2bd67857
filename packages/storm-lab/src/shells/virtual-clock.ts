import type { Clock, Timer } from '@evenkeel/core'
import type { Kernel } from '../kernel/kernel.ts'

/** When the incident began: what the wall shows at instant 0. */
const wallMs = Date.UTC(2022, 0, 25, 16, 47, 12)

/** A wait; what is cancelled stays entered, and does nothing. */
class VirtualTimer implements Timer {
  callback: (() => void) | undefined

  constructor(callback: () => void) {
    this.callback = callback
  }

  cancel(): void {
    this.callback = undefined
  }
}

/** The kernel's time as a clock of @evenkeel/core. */
export class VirtualClock implements Clock {
  readonly #kernel: Kernel
  readonly #kind: number
  readonly #timers: (VirtualTimer | undefined)[] = []
  readonly #free: number[] = []

  /** `onCall` is told before each callback. */
  constructor(kernel: Kernel, onCall: () => void) {
    this.#kernel = kernel
    this.#kind = kernel.on((place) => {
      const callback = this.#timers[place]?.callback
      this.#timers[place] = undefined
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
    const timer = new VirtualTimer(callback)
    if (atMs === Infinity) return timer
    const place = this.#free.pop() ?? this.#timers.length
    this.#timers[place] = timer
    this.#kernel.at(atMs, this.#kind, place)
    return timer
  }
}
