interface Sample {
  readonly value: number
  readonly atMs: number
}

/** The latest of what was measured: so many at most, and none that is too old. */
export class Samples {
  #kept: Sample[] = []
  readonly #most: number
  readonly #windowMs: number

  constructor(most: number, windowMs: number) {
    this.#most = most
    this.#windowMs = windowMs
  }

  /** Takes one in, unless it is nothing that can have been measured: a `NaN` would be all that is known for minutes. */
  add(value: number, nowMs: number): void {
    if (!Number.isFinite(value) || value < 0) return
    this.#kept.push({ value, atMs: nowMs })
    if (this.#kept.length > this.#most) this.#kept.shift()
  }

  clear(): void {
    this.#kept = []
  }

  /** The value that a share of `quantile` does not exceed, which outliers do not move; `undefined` for fewer than `least`. */
  quantile(quantile: number, least: number, nowMs: number): number | undefined {
    const values = this.#kept
      .filter(({ atMs }) => nowMs - atMs < this.#windowMs)
      .map(({ value }) => value)
      .sort((a, b) => a - b)
    return values.length < least ? undefined : values[Math.ceil(values.length * quantile) - 1]
  }
}
