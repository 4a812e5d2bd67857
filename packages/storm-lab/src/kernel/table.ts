/** The numbers of all rows, each as far from the next as a row is long. */
export type Column = Float64Array<ArrayBuffer>

/** How many numbers a row has room for. */
const width = 16

/**
 * Rows of numbers: a row that is given back is used again.
 *
 * All numbers of a row lie side by side, as of so many each is far from the last, and reaching it is what costs. A
 * row goes by the place of its first number. A column is all numbers from its own place in the first row on, so
 * that `column[row]` is that of the row.
 */
export abstract class Table {
  #numbers = new Float64Array(0)
  #free: number[] = []
  #end = 0

  /** How many rows are in use. */
  get inUse(): number {
    return this.numberOf(this.#end) - this.#free.length
  }

  /** Which row it is, from 0 on, for what is kept of it elsewhere. */
  numberOf(row: number): number {
    return row / width
  }

  /** A row of whatever its last user left there. */
  take(): number {
    const row = this.#free.pop()
    if (row !== undefined) return row
    if (this.#end === this.#numbers.length) this.#grow()
    this.#end += width
    return this.#end - width
  }

  give(row: number): void {
    this.#free.push(row)
  }

  /** Takes the columns anew, each by its place in a row. */
  protected abstract lay(column: (place: number) => Column): void

  #grow(): void {
    const larger = new Float64Array(Math.max(1024 * width, 2 * this.#numbers.length))
    larger.set(this.#numbers)
    this.#numbers = larger
    this.lay((place) => larger.subarray(place))
  }
}
