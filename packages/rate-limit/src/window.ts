/** Lets `limit` calls start in any `windowMs`: remembers when each of the last `limit` did. */
export class Window {
  readonly #limit: number
  readonly #windowMs: number
  readonly #starts: number[] = []
  #count = 0

  constructor(limit: number, windowMs: number) {
    this.#limit = limit
    this.#windowMs = windowMs
  }

  /** The instant from which a call may start that has `ahead` others before it. */
  startAtMs(ahead: number): number {
    const before = this.#starts[(this.#count + ahead) % this.#limit] ?? -Infinity
    return before + this.#windowMs * (1 + Math.floor(ahead / this.#limit))
  }

  start(nowMs: number): void {
    this.#starts[this.#count++ % this.#limit] = nowMs
  }
}
