/** A rate over time, made of straight lines. */
export class LoadCurve {
  readonly #points: readonly (readonly [atMs: number, perMs: number])[]
  #segment = 0

  /** Before the first point and after the last the rate stays what it is there. */
  constructor(points: readonly (readonly [atMs: number, perMs: number])[]) {
    this.#points = points
  }

  /** The instant at which a Poisson process of this rate that was at `nowMs` has used up `waits`, an exponential time of mean 1. */
  next(nowMs: number, waits: number): number {
    const points = this.#points
    let atMs = nowMs
    let left = waits
    for (;;) {
      const next = points[this.#segment]
      if (next && next[0] <= atMs) {
        this.#segment++
        continue
      }
      const [fromMs, from] = points[this.#segment - 1] ?? [0, next?.[1] ?? 0]
      const [toMs, to] = next ?? [Infinity, from]
      const slope = toMs < Infinity ? (to - from) / (toMs - fromMs) : 0
      const rate = Math.max(0, from + slope * (atMs - fromMs))
      const area = toMs < Infinity ? ((rate + to) / 2) * (toMs - atMs) : Infinity
      if (area >= left) {
        // Of rate · x + slope · x² / 2 = left, the root that is right for a slope of 0 too.
        const root = Math.sqrt(Math.max(0, rate * rate + 2 * slope * left))
        return rate + root > 0 ? atMs + (2 * left) / (rate + root) : Infinity
      }
      left -= area
      atMs = toMs
    }
  }
}
