import { EventHeap } from './event-heap.ts'
import type { Scheduled, Scheduler } from './scheduler.ts'

/** A scheduler whose time passes only when told to. */
export class VirtualScheduler implements Scheduler {
  readonly #heap = new EventHeap()
  #nowMs = 0

  get pending(): number {
    return this.#heap.size
  }

  now(): number {
    return this.#nowMs
  }

  schedule(event: () => void, delayMs: number): Scheduled {
    return this.#heap.push(event, this.#nowMs + Math.max(0, delayMs))
  }

  settle(): void {}

  /** Runs every event that is due within `durationMs`, in order, and ends at that time. */
  advance(durationMs: number): void {
    const endMs = this.#nowMs + durationMs
    for (let next = this.#heap.peek(); next && next.atMs <= endMs; next = this.#heap.peek()) {
      this.#heap.pop()
      this.#nowMs = next.atMs
      next.run()
    }
    this.#nowMs = endMs
  }
}
