import { EventHeap } from './event-heap.ts'
import type { Scheduled, Scheduler } from './scheduler.ts'

/**
 * A scheduler paced by the wall clock: events run late when the process is busy, but each runs *at the
 * time it was due*, so a busy machine does not take capacity from the model.
 */
export class PacedScheduler implements Scheduler {
  readonly #heap = new EventHeap()
  #timer: NodeJS.Timeout | undefined
  #timerAtMs = Number.POSITIVE_INFINITY
  #eventMs: number | undefined

  now(): number {
    return this.#eventMs ?? performance.now()
  }

  schedule(event: () => void, delayMs: number): Scheduled {
    const scheduled = this.#heap.push(event, this.now() + Math.max(0, delayMs))
    if (this.#eventMs === undefined) this.#arm()
    return scheduled
  }

  settle(): void {
    if (this.#eventMs !== undefined) return
    const nowMs = performance.now()
    let ran = false
    for (let next = this.#heap.peek(); next && next.atMs <= nowMs; next = this.#heap.peek()) {
      this.#heap.pop()
      this.#eventMs = next.atMs
      try {
        next.run()
      } finally {
        this.#eventMs = undefined
      }
      ran = true
    }
    if (ran) this.#arm()
  }

  /** Forgets every event. */
  close(): void {
    while (this.#heap.pop());
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#timerAtMs = Number.POSITIVE_INFINITY
  }

  #arm(): void {
    const next = this.#heap.peek()
    if (!next || next.atMs >= this.#timerAtMs) return
    clearTimeout(this.#timer)
    this.#timerAtMs = next.atMs
    // Node's timers count from 1 to 2^31−1 whole ms and warn of others; a longer wait is taken in parts.
    const waitMs = Math.min(Math.max(1, Math.ceil(next.atMs - performance.now())), 2 ** 31 - 1)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#timerAtMs = Number.POSITIVE_INFINITY
      this.settle()
      this.#arm()
    }, waitMs)
  }
}
