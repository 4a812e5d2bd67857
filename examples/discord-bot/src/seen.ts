/** Remembers the latest of the ids it was shown. */
export class Seen {
  readonly #ids = new Set<string>()
  readonly #capacity: number

  constructor(capacity = 10_000) {
    this.#capacity = capacity
  }

  /** Whether an id is new; from now on it is not. */
  isNew(id: string): boolean {
    if (this.#ids.has(id)) return false
    this.#ids.add(id)
    // A set keeps the order in which its members came.
    if (this.#ids.size > this.#capacity) this.#ids.delete(this.#ids.values().next().value as string)
    return true
  }
}
