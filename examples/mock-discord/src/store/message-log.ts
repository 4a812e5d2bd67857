import { compareIds } from './snowflakes.ts'

/** The messages of one channel by age; over `capacity` the oldest goes. */
export class MessageLog<T extends { readonly id: string }> {
  readonly #capacity: number
  readonly #evicted: (entry: T) => void
  readonly #byId = new Map<string, T>()
  #sorted: T[] = []

  constructor(capacity: number, evicted: (entry: T) => void) {
    this.#capacity = capacity
    this.#evicted = evicted
  }

  get size(): number {
    return this.#byId.size
  }

  get(id: string): T | undefined {
    return this.#byId.get(id)
  }

  add(entry: T): void {
    const at = this.#indexOf(entry.id)
    if (at === this.#sorted.length) this.#sorted.push(entry)
    else this.#sorted.splice(at, 0, entry)
    this.#byId.set(entry.id, entry)
    // In batches, since taking one from the front of an array moves all others.
    if (this.#sorted.length >= this.#capacity * 1.25) {
      for (const old of this.#sorted.splice(0, this.#sorted.length - this.#capacity)) {
        this.#byId.delete(old.id)
        this.#evicted(old)
      }
    }
  }

  delete(id: string): T | undefined {
    const entry = this.#byId.get(id)
    if (!entry) return undefined
    this.#byId.delete(id)
    this.#sorted.splice(this.#indexOf(id), 1)
    return entry
  }

  /** The newest first, as Discord lists them. */
  latest(limit: number): T[] {
    return this.#sorted.slice(-limit).reverse()
  }

  before(id: string, limit: number): T[] {
    const end = this.#indexOf(id)
    return this.#sorted.slice(Math.max(0, end - limit), end).reverse()
  }

  after(id: string, limit: number): T[] {
    const start = this.#indexOf(id) + (this.#byId.has(id) ? 1 : 0)
    return this.#sorted.slice(start, start + limit).reverse()
  }

  /** Half older, half newer, the message itself between them. */
  around(id: string, limit: number): T[] {
    const middle = this.#indexOf(id)
    const start = Math.max(0, middle - Math.floor(limit / 2))
    return this.#sorted.slice(start, start + limit).reverse()
  }

  all(): readonly T[] {
    return this.#sorted
  }

  #indexOf(id: string): number {
    let low = 0
    let high = this.#sorted.length
    const newest = this.#sorted[high - 1]
    if (newest && compareIds(newest.id, id) < 0) return high
    while (low < high) {
      const middle = (low + high) >>> 1
      const entry = this.#sorted[middle]
      if (entry && compareIds(entry.id, id) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}
