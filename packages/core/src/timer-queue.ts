import { checkNumber } from './check.ts'

/** One wait on a clock. */
export interface Timer {
  /** Ends the wait without its callback; does nothing once that has run. */
  cancel(): void
}

class Wait implements Timer {
  readonly atMs: number
  callback: (() => void) | undefined
  private readonly holds: boolean
  private readonly queue: TimerQueue

  constructor(atMs: number, callback: () => void, holds: boolean, queue: TimerQueue) {
    this.atMs = atMs
    this.callback = callback
    this.holds = holds
    this.queue = queue
  }

  cancel(): void {
    if (this.callback) {
      this.callback = undefined
      this.queue.forget(this.holds)
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
  #waits: Wait[] = []
  #size = 0
  #holding = 0
  readonly #onIdle: (() => void) | undefined

  /** `onIdle` is told when the last wait that holds has gone. */
  constructor(onIdle?: () => void) {
    this.#onIdle = onIdle
  }

  /** How many waits have neither run nor been cancelled. */
  get size(): number {
    return this.#size
  }

  /** Whether one of them keeps the process alive. */
  get isHolding(): boolean {
    return this.#holding > 0
  }

  /** @throws `RangeError` for an instant that is no number: it would stop every wait behind it. */
  add(atMs: number, callback: () => void, holds = true): Timer {
    if (!(atMs <= Infinity)) checkNumber('clock', 'atMs', atMs, -Infinity)
    const waits = this.#waits
    const wait = new Wait(atMs, callback, holds, this)
    let index = waits.length
    for (let low = 0; low < index; ) {
      const middle = (low + index) >> 1
      if ((waits[middle] as Wait).atMs > atMs) index = middle
      else low = middle + 1
    }
    if (index === waits.length) waits.push(wait)
    else waits.splice(index, 0, wait)
    this.#size++
    if (holds) this.#holding++
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
  forget(holds: boolean): void {
    const waits = this.#waits
    while (waits.length && !waits[waits.length - 1]?.callback) waits.pop()
    if (waits.length > 2 * --this.#size + 16) this.#waits = waits.filter(({ callback }) => callback)
    if (holds && --this.#holding === 0) this.#onIdle?.()
  }
}
