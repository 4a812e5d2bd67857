/** Rows in a line, each with the stamp it had then; to be put in at the back and taken from either end. */
export class Ring {
  length = 0
  /** The stamp of what was taken last. */
  stamp = 0
  #head = 0
  #rows = new Int32Array(256)
  #stamps = new Uint32Array(256)

  push(row: number, stamp: number): void {
    if (this.length === this.#rows.length) {
      this.#rows = unrolled(this.#rows, this.#head, new Int32Array(2 * this.length))
      this.#stamps = unrolled(this.#stamps, this.#head, new Uint32Array(2 * this.length))
      this.#head = 0
    }
    const at = (this.#head + this.length++) & (this.#rows.length - 1)
    this.#rows[at] = row
    this.#stamps[at] = stamp
  }

  /** The row at the front, which stays there; there must be one. */
  first(): number {
    return this.#taken(this.#head)
  }

  shift(): number {
    const at = this.#head
    this.#head = (at + 1) & (this.#rows.length - 1)
    this.length--
    return this.#taken(at)
  }

  pop(): number {
    return this.#taken((this.#head + --this.length) & (this.#rows.length - 1))
  }

  #taken(at: number): number {
    this.stamp = this.#stamps[at] as number
    return this.#rows[at] as number
  }
}

/** What is in a ring from `head` on, at the start of a larger array. */
export function unrolled<T extends Float64Array | Int32Array | Uint32Array>(
  ring: T,
  head: number,
  to: T,
): T {
  to.set(ring.subarray(head))
  to.set(ring.subarray(0, head), ring.length - head)
  return to
}
