import { maxSpreadMs, spread } from './cooldown.ts'
import type { Outcome, ResponseLimits } from './limit.ts'

/** The most windows that are left to others in a row. */
const maxWindows = 16

/**
 * What is known of one bucket of the server's: up to `left` calls may start, more when its window is over.
 *
 * What is left only ever falls within a window and the window only ever grows, so answers may come in
 * any order. Calls under way when it ends are counted against the next one as well.
 */
export class Bucket {
  /** The server's name for it, once that is known. */
  name: string | undefined
  limit: number | undefined
  left = 1
  inFlight = 0
  /** When its window is over; `-Infinity` when nothing has been said of it. */
  resetAtMs: number = -Infinity
  /** Whether the next answer alone says what is left. */
  #isProbing = true
  /** How many refusals came in a row: then somebody else uses this bucket, too. */
  #refusals = 0
  /** Whether its calls have been counted against the bucket that it may turn out to be. */
  #isReserved = false

  /** Whether nothing has been learned of it, so that it may turn out to be another. */
  get isUnknown(): boolean {
    return this.name === undefined && this.#isProbing && this.left < Infinity
  }

  /** The instant from which a call may start; `Infinity`: after the answer to one under way. */
  startAtMs(nowMs: number): number {
    this.#turn(nowMs)
    if (this.left > 0) return -Infinity
    if (this.resetAtMs > nowMs) return this.resetAtMs
    return this.inFlight ? Infinity : -Infinity
  }

  start(): void {
    // It starts all the same: nothing is known, and nothing under way would tell.
    if (this.left <= 0) this.#isProbing = true
    this.left--
    this.inFlight++
  }

  /** A call is over; one that was never sent gives its place back, one whose answer said nothing frees all. */
  end(outcome: Outcome): void {
    this.inFlight--
    if (outcome === 'unsent') this.left++
    if (
      outcome === 'accepted' &&
      this.#isProbing &&
      !this.#refusals &&
      this.resetAtMs === -Infinity
    )
      this.left = Infinity
  }

  /** Takes in what the answer to a call, still counted as under way, said. */
  answer(
    { limit, remaining, resetAfterMs, refused }: ResponseLimits,
    nowMs: number,
    slackMs: number,
  ): void {
    this.#turn(nowMs)
    this.limit = limit ?? this.limit
    if (remaining !== undefined) {
      const others = Math.max(0, this.inFlight - 1)
      this.left = this.#isProbing ? remaining - others : Math.min(this.left, remaining)
      this.#isProbing = false
    }
    if (!refused) this.#refusals = 0
    if (resetAfterMs !== undefined)
      this.resetAtMs = Math.max(this.resetAtMs, nowMs + resetAfterMs + slackMs)
  }

  /**
   * Nothing starts until the wait is over, and then one call alone. Whoever is refused again leaves more
   * and more windows to the others.
   */
  refuse(waitMs: number, nowMs: number, chance: number): void {
    const windows = Math.min(2 ** this.#refusals++, maxWindows) - 1
    const untilMs =
      nowMs + spread(waitMs, chance) + chance * Math.min(waitMs, maxSpreadMs) * windows
    this.left = Math.min(this.left, 0)
    this.resetAtMs = Math.max(this.resetAtMs, untilMs)
  }

  /** Counts the calls of another against this, which it may turn out to be. */
  reserve(other: Bucket): void {
    this.left -= other.inFlight
    other.#isReserved = true
  }

  /** Takes over the calls of another that turned out to be this one. */
  absorb(other: Bucket): void {
    this.inFlight += other.inFlight
    if (!other.#isReserved) this.left -= other.inFlight
  }

  /** Whether forgetting it would lose nothing but its limit. */
  isIdle(nowMs: number): boolean {
    return !this.inFlight && this.resetAtMs <= nowMs
  }

  /** Begins the next window, if this one is over. */
  #turn(nowMs: number): void {
    if (this.resetAtMs === -Infinity || this.resetAtMs > nowMs) return
    this.resetAtMs = -Infinity
    this.#isProbing = this.#refusals > 0 || this.limit === undefined
    this.left = (this.#isProbing ? 1 : (this.limit as number)) - this.inFlight
  }
}
