import { checkNumber } from './check.ts'
import type { Timer } from './clock.ts'

interface Wait extends Timer {
  readonly atMs: number
  callback: (() => void) | undefined
}

/** Waits in the order of their instants. */
export interface TimerQueue {
  /** How many waits have neither run nor been cancelled. */
  readonly size: number
  /** The instant at which the next wait is due; `Infinity` when nothing waits. */
  readonly nextAtMs: number
  /** @throws `RangeError` for an instant that is no number: it would stop every wait behind it. */
  add(atMs: number, callback: () => void): Timer
  /** Takes the earliest wait due at `nowMs`, if any. */
  take(nowMs: number): (() => void) | undefined
}

/**
 * Any number of waits behind one real timer, those for the same instant in the order they came.
 *
 * A timer of the platform costs a call more than the rest of a pipeline together, and nearly every
 * wait here is the latest when it is added and cancelled long before it is due. A sorted array makes
 * the first cheap; so is the second, as a cancelled wait is only marked, and swept out with others.
 */
export function timerQueue(): TimerQueue {
  let waits: Wait[] = []
  /** Where the next wait may be: to shift an array of thousands for each that goes takes longer than all else. */
  let first = 0
  let size = 0
  // One for all waits: to make one for each costs more than the rest of this.
  function cancel(this: Wait): void {
    if (!this.callback) return
    this.callback = undefined
    size--
    if (waits.at(-1) === this) waits.pop()
    else if (waits.length > 2 * size + 16) {
      waits = waits.filter(({ callback }) => callback)
      first = 0
    }
  }
  return {
    get size() {
      return size
    },
    get nextAtMs() {
      while (first < waits.length && !waits[first]?.callback) first++
      return waits[first]?.atMs ?? Infinity
    },
    add(atMs, callback) {
      const wait: Wait = { atMs, callback, cancel }
      const latestMs = waits.at(-1)?.atMs ?? -Infinity
      if (latestMs <= atMs) waits.push(wait)
      else {
        checkNumber('clock', 'atMs', atMs, -Infinity)
        let index = waits.length
        for (let low = first; low < index; ) {
          const middle = (low + index) >> 1
          if ((waits[middle] as Wait).atMs > atMs) index = middle
          else low = middle + 1
        }
        waits.splice(index, 0, wait)
      }
      size++
      return wait
    },
    take(nowMs) {
      if (this.nextAtMs > nowMs) return undefined
      const wait = waits[first]
      const callback = wait?.callback
      wait?.cancel()
      return callback
    },
  }
}
