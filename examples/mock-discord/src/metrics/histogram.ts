const bucketsPerDoubling = 8
const smallestMs = 0.1
const bucketCount = 1 + bucketsPerDoubling * 24

/** Durations in buckets that each are 9 % wider than the last, from 0.1 ms to 28 minutes. */
export class Histogram {
  readonly #buckets = new Uint32Array(bucketCount)
  #count = 0
  #sumMs = 0
  #maxMs = 0

  get count(): number {
    return this.#count
  }

  get sumMs(): number {
    return this.#sumMs
  }

  add(durationMs: number): void {
    const index =
      durationMs <= smallestMs
        ? 0
        : Math.min(
            bucketCount - 1,
            Math.ceil(Math.log2(durationMs / smallestMs) * bucketsPerDoubling),
          )
    this.#buckets[index] = (this.#buckets[index] as number) + 1
    this.#count++
    this.#sumMs += durationMs
    if (durationMs > this.#maxMs) this.#maxMs = durationMs
  }

  /** Gives the upper edge of the bucket in which the quantile lies, never above the longest; 0 when empty. */
  quantileMs(ratio: number): number {
    const rank = Math.max(1, Math.ceil(ratio * this.#count))
    let passed = 0
    for (let index = 0; index < bucketCount; index++) {
      passed += this.#buckets[index] as number
      if (passed >= rank) {
        return Math.min(this.#maxMs, smallestMs * 2 ** (index / bucketsPerDoubling))
      }
    }
    return 0
  }

  clear(): void {
    this.#buckets.fill(0)
    this.#count = 0
    this.#sumMs = 0
    this.#maxMs = 0
  }
}
