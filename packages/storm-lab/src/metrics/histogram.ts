/**
 * Counts of times in whole milliseconds, in steps that grow with them, as in Gil Tene's HdrHistogram: a step
 * is a thirty-second of its time or less. Whole numbers only, so that every platform counts alike.
 */
export class Histogram {
  count = 0
  readonly #counts = new Uint32Array(stepOf(2 ** 18))

  add(ms: number): void {
    const step = Math.min(stepOf(Math.floor(ms)), this.#counts.length - 1)
    this.#counts[step] = (this.#counts[step] as number) + 1
    this.count++
  }

  addAll(other: Histogram): void {
    this.count += other.count
    for (let step = 0; step < this.#counts.length; step++)
      this.#counts[step] = (this.#counts[step] as number) + (other.#counts[step] as number)
  }

  /** The time within which a part of them was, at the upper end of its step; `null` of none. */
  quantileMs(part: number): number | null {
    let left = Math.ceil(part * this.count)
    if (!left) return null
    let step = 0
    while (left > (this.#counts[step] as number)) left -= this.#counts[step++] as number
    return endOf(step)
  }
}

/** How many bits of a time are kept. */
const bits = 5

function stepOf(ms: number): number {
  const shift = Math.max(0, 31 - Math.clz32(ms) - bits)
  return (shift << bits) + (ms >>> shift)
}

function endOf(step: number): number {
  const shift = Math.max(0, (step >>> bits) - 1)
  return (step - (shift << bits) + 1) * 2 ** shift
}
