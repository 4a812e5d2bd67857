/** Counts what one connection sends, in windows that begin with its first frame. */
export class SendLimit {
  #windowEndsMs = Number.NEGATIVE_INFINITY
  #used = 0

  /** Tells whether one more may be sent. */
  take(nowMs: number, limit: number, windowMs: number): boolean {
    if (nowMs >= this.#windowEndsMs) {
      this.#windowEndsMs = nowMs + windowMs
      this.#used = 0
    }
    return ++this.#used <= limit
  }
}
