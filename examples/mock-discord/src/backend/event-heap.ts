import type { Scheduled } from './scheduler.ts'

export interface HeapEvent extends Scheduled {
  readonly atMs: number
  readonly order: number
  readonly run: () => void
  index: number
}

/** A binary heap of events by time, then by order of entry; an event knows its place, so it can leave. */
export class EventHeap {
  readonly #events: HeapEvent[] = []
  #entered = 0

  get size(): number {
    return this.#events.length
  }

  peek(): HeapEvent | undefined {
    return this.#events[0]
  }

  push(run: () => void, atMs: number): HeapEvent {
    const event: HeapEvent = {
      atMs,
      order: this.#entered++,
      run,
      index: this.#events.length,
      cancel: () => this.#remove(event),
    }
    this.#events.push(event)
    this.#up(event)
    return event
  }

  pop(): HeapEvent | undefined {
    const first = this.#events[0]
    if (first) this.#remove(first)
    return first
  }

  #remove(event: HeapEvent): void {
    const { index } = event
    if (index < 0) return
    event.index = -1
    const last = this.#events.pop() as HeapEvent
    if (last === event) return
    this.#place(last, index)
    this.#up(last)
    this.#down(last)
  }

  #place(event: HeapEvent, index: number): void {
    this.#events[index] = event
    event.index = index
  }

  #up(event: HeapEvent): void {
    let { index } = event
    while (index > 0) {
      const parent = this.#events[(index - 1) >> 1] as HeapEvent
      if (!isBefore(event, parent)) break
      this.#place(parent, index)
      index = (index - 1) >> 1
    }
    this.#place(event, index)
  }

  #down(event: HeapEvent): void {
    let { index } = event
    for (;;) {
      const left = 2 * index + 1
      let child = this.#events[left]
      if (!child) break
      const right = this.#events[left + 1]
      if (right && isBefore(right, child)) child = right
      if (!isBefore(child, event)) break
      const next = child.index
      this.#place(child, index)
      index = next
    }
    this.#place(event, index)
  }
}

function isBefore(a: HeapEvent, b: HeapEvent): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)
}
