import { checkNumber, type Random } from '@evenkeel/core'
import { Cooldown } from './cooldown.ts'
import type { Limit, LimitedCall, LimitFactory, Outcome } from './limit.ts'

/** What {@link reloadBackoff} can be told. */
export interface ReloadBackoffOptions {
  /**
   * The longest wait after the second failure in a row; it doubles with each that follows.
   * @defaultValue 2000: who has just reloaded has already waited about a second
   */
  readonly baseDelayMs?: number | undefined
  /** The longest of these waits. @defaultValue 30_000, as an open circuit's */
  readonly maxDelayMs?: number | undefined
  /**
   * How long the server may still be at work on a call that a page took with it.
   * @defaultValue 60_000, as long as an attempt of `createFetch` may take
   */
  readonly silenceMs?: number | undefined
}

/** Who reloads because nothing happens has waited for about this long. */
const patienceMs = 2000
/** How long the release takes after a failure, as after a cooldown. */
const rampMs = 5000

/**
 * Makes the first calls after a reload wait as the retries of the page before would have: a page that
 * failed, or ended with its calls unanswered, counts as an attempt, whoever pressed the key. It needs
 * `shareState` with {@link sharedRateLimit} to carry over; within a page it holds nothing.
 *
 * A reload mends a lone glitch: after one failure it sends at once, after one silence one call goes ahead
 * of the others. From the second failure in a row on, one call goes 1–2, 2–4, … 15–30 s after it; after
 * the second silence, when what was left unanswered would have timed out. A success frees all.
 *
 * @throws `COOLDOWN_TOO_LONG` from a call for which that is too long.
 */
export function reloadBackoff({
  baseDelayMs = 2000,
  maxDelayMs = 30_000,
  silenceMs = 60_000,
}: ReloadBackoffOptions = {}): LimitFactory {
  checkNumber('reloadBackoff', 'baseDelayMs', baseDelayMs, 1)
  checkNumber('reloadBackoff', 'maxDelayMs', maxDelayMs, baseDelayMs)
  checkNumber('reloadBackoff', 'silenceMs', silenceMs, 0)
  return (_key, random) => new Streak(random, baseDelayMs, maxDelayMs, silenceMs)
}

/** The failures in a row of one key, across pages. */
export class Streak implements Limit {
  readonly code = 'COOLDOWN_TOO_LONG'
  /** How many there were; those of calls that were under way together count once. */
  failures = 0
  /** When the next page may send its first call. */
  notBeforeMs = -Infinity
  /** Whether the last failure was a page that ended while it waited for an answer. */
  isSilent = false
  /** What holds this page, if the one before was unwell. */
  readonly hold: Cooldown = new Cooldown()
  readonly #underWay = new Map<LimitedCall, number>()
  readonly #random: Random
  readonly #baseDelayMs: number
  readonly #maxDelayMs: number
  readonly #silenceMs: number
  #failedAtMs = -Infinity

  constructor(random: Random, baseDelayMs: number, maxDelayMs: number, silenceMs: number) {
    this.#random = random
    this.#baseDelayMs = baseDelayMs
    this.#maxDelayMs = maxDelayMs
    this.#silenceMs = silenceMs
  }

  startAtMs(_call: LimitedCall, _nowMs: number, ahead: number): number {
    return this.hold.startAtMs(ahead)
  }

  started(call: LimitedCall, nowMs: number): void {
    this.#underWay.set(call, nowMs)
    this.hold.started++
  }

  ended(call: LimitedCall, outcome: Outcome, nowMs: number): void {
    const startedMs = this.#underWay.get(call) as number
    this.#underWay.delete(call)
    if (outcome === 'accepted') {
      this.failures = 0
      this.notBeforeMs = this.hold.untilMs = -Infinity
    } else if (outcome === 'rejected' && startedMs >= this.#failedAtMs) {
      this.#fail(nowMs, false)
      // Until something succeeds, the page goes on where the one before was.
      if (this.hold.untilMs > -Infinity) this.#hold(this.notBeforeMs)
    }
  }

  isNeeded(): boolean {
    return this.failures > 0
  }

  /** The page ends, and takes with it what is under way: that is a failure like any other. */
  end(nowMs: number): void {
    const starts = [...this.#underWay.values()]
    if (!starts.some((startedMs) => startedMs >= this.#failedAtMs)) return
    this.#fail(nowMs, nowMs - Math.min(...starts) >= patienceMs)
    if (this.isSilent && this.failures > 1) this.notBeforeMs = Math.max(...starts) + this.#silenceMs
  }

  /** Takes over from the page before, for no longer than this would ever wait itself. */
  resume(failures: number, leftMs: number, isSilent: boolean, nowMs: number): void {
    const longestMs = Math.max(this.#silenceMs, this.#maxDelayMs)
    this.failures = Math.max(this.failures, failures)
    this.notBeforeMs = Math.max(this.notBeforeMs, nowMs + Math.min(leftMs, longestMs))
    this.isSilent = isSilent
    // The first goes alone, even if its wait is over.
    if (failures > 1 || isSilent) this.#hold(Math.max(nowMs, this.notBeforeMs))
  }

  #hold(untilMs: number): void {
    this.hold.untilMs = Math.max(this.hold.untilMs, untilMs)
    this.hold.rampMs = this.isSilent ? this.#silenceMs : rampMs
    this.hold.started = 0
  }

  #fail(nowMs: number, isSilent: boolean): void {
    this.failures++
    this.#failedAtMs = nowMs
    this.isSilent = isSilent
    if (this.failures < 2) return
    const delayMs = Math.min(this.#maxDelayMs, this.#baseDelayMs * 2 ** (this.failures - 2))
    this.notBeforeMs = nowMs + (delayMs / 2) * (1 + this.#random())
  }
}
