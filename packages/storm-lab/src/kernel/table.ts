/** Rows of numbers in typed arrays: a row that is given back is used again. */
export abstract class Table {
  #free: number[] = []
  #used = 0
  #capacity = 0

  /** How many rows are in use. */
  get inUse(): number {
    return this.#used - this.#free.length
  }

  /** A row of whatever its last user left there. */
  take(): number {
    const row = this.#free.pop()
    if (row !== undefined) return row
    if (this.#used === this.#capacity) {
      this.#capacity = Math.max(1024, 2 * this.#capacity)
      this.resize(this.#capacity)
    }
    return this.#used++
  }

  give(row: number): void {
    this.#free.push(row)
  }

  /** Makes every column this long, and keeps what is in it. */
  protected abstract resize(capacity: number): void
}

/** The same numbers in an array with more room. */
export function resized<T extends { readonly length: number; set(from: T): void }>(
  column: T,
  larger: T,
): T {
  larger.set(column)
  return larger
}
