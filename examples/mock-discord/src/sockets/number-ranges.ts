/** Which numbers were sent, in order, as ranges: a long run of messages stays one entry. */
export class NumberRanges {
  readonly #ranges: [first: number, last: number][] = []
  #count = 0

  get count(): number {
    return this.#count
  }

  get ranges(): readonly (readonly [first: number, last: number])[] {
    return this.#ranges.map(([first, last]) => [first, last])
  }

  add(number: number): void {
    this.#count++
    const newest = this.#ranges.at(-1)
    if (newest && number === newest[1] + 1) newest[1] = number
    else this.#ranges.push([number, number])
  }

  /** Every number. */
  *[Symbol.iterator](): Generator<number> {
    for (const [first, last] of this.#ranges) {
      for (let number = first; number <= last; number++) yield number
    }
  }
}
