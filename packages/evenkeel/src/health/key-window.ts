/** Counts of one key over a time. */
export interface Tally {
  /** Requests that have ended. */
  attempts: number
  /** Of those, how many failed in a way that says the server is unwell. */
  failures: number
  /** Of those, how many were refused for rate. */
  limited: number
  /** Of those, how many were retries. */
  retries: number
}

const slots = 10

const nothing = (): Tally => ({ attempts: 0, failures: 0, limited: 0, retries: 0 })

/** What is remembered of one key: counts that slide, and answer times beside what they usually are. */
export class KeyWindow {
  /** A smoothed answer time that follows at once, in milliseconds. */
  recentMs = 0
  /** One that follows slowly: what is usual. */
  usualMs = 0
  /** How many answers the two have seen. */
  answers = 0
  /** When the last request ended. */
  lastAtMs: number = -Infinity
  readonly #slotMs: number
  readonly #ring: Tally[] = []
  #slot = Number.NaN

  /** @param windowMs how far back counts go */
  constructor(windowMs: number) {
    this.#slotMs = windowMs / slots
  }

  /** Counts one request that has ended. */
  count(isRetry: boolean, outcome: 'answered' | 'failed' | 'limited', nowMs: number): void {
    const tally = this.#at(nowMs)
    tally.attempts++
    if (isRetry) tally.retries++
    if (outcome === 'failed') tally.failures++
    if (outcome === 'limited') tally.limited++
    this.lastAtMs = nowMs
  }

  /** Takes in how long an answer took. */
  timed(durationMs: number): void {
    this.answers++
    const { answers } = this
    this.recentMs += (durationMs - this.recentMs) / Math.min(answers, 4)
    this.usualMs += (durationMs - this.usualMs) / Math.min(answers, 64)
  }

  /** The counts of the window. */
  sum(nowMs: number): Tally {
    this.#at(nowMs)
    const sum = nothing()
    for (const tally of this.#ring)
      for (const name of Object.keys(sum) as (keyof Tally)[]) sum[name] += tally[name]
    return sum
  }

  #at(nowMs: number): Tally {
    const slot = Math.floor(nowMs / this.#slotMs)
    const gone = Number.isNaN(this.#slot) ? slots : Math.min(slots, slot - this.#slot)
    for (let i = 0; i < gone; i++) this.#ring[(slot - i) % slots] = nothing()
    this.#slot = slot
    return this.#ring[slot % slots] as Tally
  }
}
