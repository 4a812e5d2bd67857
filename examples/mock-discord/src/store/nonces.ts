/** How long Discord's "a few minutes" are here. */
export const nonceMs = 300_000

/** Remembers which message a nonce made, so that sending it again makes no second one. */
export class Nonces {
  readonly #now: () => number
  // By age: an entry is never moved, so the first is the one to go first.
  readonly #made = new Map<string, { messageId: string; until: number }>()

  constructor(now: () => number) {
    this.#now = now
  }

  get size(): number {
    return this.#made.size
  }

  find(author: string, channel: string, nonce: string): string | undefined {
    const made = this.#made.get(`${author} ${channel} ${nonce}`)
    return made && made.until > this.#now() ? made.messageId : undefined
  }

  remember(author: string, channel: string, nonce: string, messageId: string): void {
    const now = this.#now()
    for (const [key, { until }] of this.#made) {
      if (until > now) break
      this.#made.delete(key)
    }
    const key = `${author} ${channel} ${nonce}`
    this.#made.delete(key)
    this.#made.set(key, { messageId, until: now + nonceMs })
  }
}
