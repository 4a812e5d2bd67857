import { checkNumber } from './check.ts'
import type { Timer } from './clock.ts'

class Wait implements Timer {
  readonly atMs: number
  callback: (() => void) | undefined
  readonly #queue: TimerQueue

  constructor(atMs: number, callback: () => void, queue: TimerQueue) {
    this.atMs = atMs
    this.callback = callback
    this.#queue = queue
  }

  cancel(): void {
    if (this.callback) {
      this.callback = undefined
      this.#queue.forget()
    }
  }
}

/**
 * Any number of waits behind one real timer, those for the same instant in the order they came.
 *
 * A timer of the platform costs a call more than the rest of a pipeline together, and nearly every
 * wait here is the latest when it is added and cancelled long before it is due. A sorted array makes
 * the first cheap; so is the second, as a cancelled wait is only marked, and swept out with others.
 */
export class TimerQueue {
  /** How many waits have neither run nor been cancelled. */
  size = 0
  #waits: Wait[] = []

  /** @throws `RangeError` for an instant that is no number: it would stop every wait behind it. */
  add(atMs: number, callback: () => void): Timer {
    if (!(atMs <= Infinity)) checkNumber('clock', 'atMs', atMs, -Infinity)
    const wait = new Wait(atMs, callback, this)
    const waits = this.#waits
    let index = waits.length
    for (let low = 0; low < index; ) {
      const middle = (low + index) >> 1
      if ((waits[middle] as Wait).atMs > atMs) index = middle
      else low = middle + 1
    }
    if (index < waits.length) waits.splice(index, 0, wait)
    else waits.push(wait)
    this.size++
    return wait
  }

  /** The instant at which the next wait is due; `Infinity` when nothing waits. */
  get nextAtMs(): number {
    const waits = this.#waits
    while (waits[0] && !waits[0].callback) waits.shift()
    return waits[0]?.atMs ?? Infinity
  }

  /** Takes the earliest wait due at `nowMs`, if any. */
  take(nowMs: number): (() => void) | undefined {
    if (this.nextAtMs > nowMs) return undefined
    const wait = this.#waits[0]
    const callback = wait?.callback
    wait?.cancel()
    return callback
  }

  /** For a wait that is over. */
  forget(): void {
    const waits = this.#waits
    if (waits.length > 2 * --this.size + 16) this.#waits = waits.filter(({ callback }) => callback)
  }
}
