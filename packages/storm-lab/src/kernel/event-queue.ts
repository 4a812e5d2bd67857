/**
 * Events by time, then by order of entry: a heap of four children a node, in typed arrays.
 *
 * Four, since a node's children then share a cache line, and the tree is half as deep as one of two.
 */
export class EventQueue {
  size = 0
  #atMs = new Float64Array(1024)
  #order = new Float64Array(1024)
  #what = new Float64Array(1024)

  /** The instant of the first event; `Infinity` when there is none. */
  get nextAtMs(): number {
    return this.size ? (this.#atMs[0] as number) : Infinity
  }

  /** Which came when the first event came. */
  get nextOrder(): number {
    return this.#order[0] as number
  }

  push(atMs: number, order: number, what: number): void {
    if (this.size === this.#what.length) this.#grow()
    const times = this.#atMs
    const orders = this.#order
    const whats = this.#what
    let at = this.size++
    while (at > 0) {
      const parent = (at - 1) >> 2
      const parentAtMs = times[parent] as number
      // Whoever is pushed came last: of equals it stays behind.
      if (parentAtMs <= atMs) break
      times[at] = parentAtMs
      orders[at] = orders[parent] as number
      whats[at] = whats[parent] as number
      at = parent
    }
    times[at] = atMs
    orders[at] = order
    whats[at] = what
  }

  /** Takes the first event; there must be one. */
  pop(): number {
    const times = this.#atMs
    const orders = this.#order
    const whats = this.#what
    const first = whats[0] as number
    const size = --this.size
    const atMs = times[size] as number
    const order = orders[size] as number
    const what = whats[size] as number
    let at = 0
    for (;;) {
      const child = 4 * at + 1
      if (child >= size) break
      const end = Math.min(child + 4, size)
      let best = child
      let bestAtMs = times[child] as number
      for (let other = child + 1; other < end; other++) {
        const otherAtMs = times[other] as number
        if (
          otherAtMs < bestAtMs ||
          (otherAtMs === bestAtMs && (orders[other] as number) < (orders[best] as number))
        ) {
          best = other
          bestAtMs = otherAtMs
        }
      }
      if (bestAtMs > atMs || (bestAtMs === atMs && (orders[best] as number) > order)) break
      times[at] = bestAtMs
      orders[at] = orders[best] as number
      whats[at] = whats[best] as number
      at = best
    }
    times[at] = atMs
    orders[at] = order
    whats[at] = what
    return first
  }

  #grow(): void {
    this.#atMs = twiceAsLong(this.#atMs)
    this.#order = twiceAsLong(this.#order)
    this.#what = twiceAsLong(this.#what)
  }
}

function twiceAsLong(numbers: Float64Array): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(2 * numbers.length)
  longer.set(numbers)
  return longer
}
