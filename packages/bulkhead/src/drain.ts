/** At this many ends the counts are halved, so that the old weigh ever less. */
const mostCounted = 64

/** How fast places become free while calls want them: what an honest estimate of a wait is made of. */
export class Drain {
  #ends = 0
  #busyMs = 0
  /** Since when the next end is waited for; `NaN` when nobody waits for one. */
  #sinceMs = NaN

  /** Whether the next end will be timed. */
  get isWanted(): boolean {
    return this.#sinceMs >= 0
  }

  /** A call finds no room. */
  want(nowMs: number): void {
    if (!this.isWanted) this.#sinceMs = nowMs
  }

  /** A place has become free. */
  free(nowMs: number): void {
    if (!this.isWanted) return
    this.#busyMs += nowMs - this.#sinceMs
    this.#sinceMs = nowMs
    if (++this.#ends < mostCounted) return
    this.#ends /= 2
    this.#busyMs /= 2
  }

  /** Nobody waits any more. */
  rest(): void {
    this.#sinceMs = NaN
  }

  /** How long it takes until so many places have become free; `undefined` before the first has. */
  waitMs(places: number, nowMs: number): number | undefined {
    // A server that stalls is noticed before its next answer.
    const busyMs = this.#busyMs + (this.isWanted ? nowMs - this.#sinceMs : 0)
    return this.#ends ? (places * busyMs) / this.#ends : undefined
  }
}
