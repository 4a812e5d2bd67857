/** One wait on a clock. */
export interface Timer {
  /** Ends the wait without its callback; does nothing once that has run. */
  cancel(): void
}

class Entry implements Timer {
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
 * Any number of waits behind one real timer: a binary heap by time.
 *
 * A timer of the platform costs a call more than the rest of a pipeline together, and nearly every
 * wait here is cancelled long before it is due; so a cancelled entry is only marked, and swept out
 * when half of the heap is such.
 */
export class TimerQueue {
  #heap: Entry[] = []
  #live = 0
  readonly #onEdge: (isWaiting: boolean) => void

  /** `onEdge` is told when the first wait has come and when the last one has gone. */
  constructor(onEdge: (isWaiting: boolean) => void = () => {}) {
    this.#onEdge = onEdge
  }

  /** How many waits have neither run nor been cancelled. */
  get size(): number {
    return this.#live
  }

  add(atMs: number, callback: () => void): Timer {
    const entry = new Entry(atMs, callback, this)
    const heap = this.#heap
    let index = heap.push(entry) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if ((heap[parent] as Entry).atMs <= atMs) break
      heap[index] = heap[parent] as Entry
      index = parent
    }
    heap[index] = entry
    if (this.#live++ === 0) this.#onEdge(true)
    return entry
  }

  /** The instant at which the next wait is due; `Infinity` when nothing waits. */
  get nextAtMs(): number {
    while (this.#heap[0] && !this.#heap[0].callback) this.#pop()
    return this.#heap[0]?.atMs ?? Infinity
  }

  /** Takes the earliest wait due at `nowMs`, if any. */
  take(nowMs: number): (() => void) | undefined {
    if (this.nextAtMs > nowMs) return undefined
    const entry = this.#pop()
    const { callback } = entry
    entry.callback = undefined
    this.#left()
    return callback
  }

  /** For an entry that was cancelled. */
  forget(): void {
    this.#left()
    if (this.#heap.length > 2 * this.#live + 16) {
      // A sorted array is a heap.
      this.#heap = this.#heap.filter(({ callback }) => callback).sort((a, b) => a.atMs - b.atMs)
    }
  }

  #left(): void {
    if (--this.#live === 0) this.#onEdge(false)
  }

  #pop(): Entry {
    const heap = this.#heap
    const top = heap[0] as Entry
    const last = heap.pop() as Entry
    if (last === top) return top
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && (heap[child + 1] as Entry).atMs < (heap[child] as Entry).atMs)
        child++
      if ((heap[child] as Entry).atMs >= last.atMs) break
      heap[index] = heap[child] as Entry
      index = child
    }
    heap[index] = last
    return top
  }
}
