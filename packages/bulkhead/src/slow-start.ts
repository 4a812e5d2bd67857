/**
 * Meets a server that was down with one call at a time, and with one more for each that it answers,
 * which is twice as many in each round trip (slow start, RFC 5681 §3.1).
 *
 * It takes as many failures in a row as there are places: a glitch costs nothing.
 */
export class SlowStart {
  /** How many calls may be under way; `Infinity` when it has no say. */
  places: number = Infinity
  #failures = 0

  answered(limit: number): void {
    this.#failures = 0
    if (++this.places >= limit) this.places = Infinity
  }

  failed(capacity: number): void {
    if (++this.#failures < capacity) return
    this.#failures = 0
    this.places = 1
  }
}
