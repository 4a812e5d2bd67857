import type { Random } from '@evenkeel/core'

/** The longest wait that this side names itself: what p-retry, AWS and the IETF's examples stay within. */
export const maxBackoffMs = 60_000

/** What may be added to a wait: half of it, as Envoy's `random(wait, 1.5 wait)`, and at most this. */
export const maxSpreadMs = 30_000

/** Lengthens a wait by up to half of it, 30 s at most: obeying a common reset exactly makes a herd. */
export function spread(waitMs: number, chance: number): number {
  return waitMs + chance * Math.min(waitMs / 2, maxSpreadMs)
}

/**
 * One hold on all calls of a key, and the ramp after it.
 *
 * A wait is only ever lengthened. Refusals of calls that were under way when it began are the same
 * refusal said again: they neither start another hold nor make the next one longer.
 */
export class Cooldown {
  /** Until when calls are held. */
  untilMs: number = -Infinity
  /** How many holds came one after another with no success between them. */
  refusals = 0
  /** How many calls have started since the hold. */
  started = 0
  /** How long the ramp takes. */
  rampMs = 0
  /** Among how many tabs the places of the ramp are dealt out, and the first that is this one's. */
  tabs = 1
  rank = 0
  /** How long the hold is without what chance adds. */
  waitMs = 0
  /** How much of that chance adds: from 0 for none to 1 for all that it may. */
  chance = 0

  /**
   * Takes a refusal; without a hint, or with 0, the wait is its own: 1 s, twice as long each time, 60 s at most.
   *
   * @returns the wait in milliseconds if that is news
   */
  hold(
    hintMs: number | undefined,
    nowMs: number,
    { random, rampMs }: { readonly random: Random; readonly rampMs: number },
  ): number | undefined {
    if (nowMs >= this.untilMs && (this.started || !this.refusals)) {
      this.refusals++
      this.started = this.waitMs = 0
      this.chance = random()
    } else if (!hintMs) return undefined
    const backoffMs = Math.min(maxBackoffMs, 500 * 2 ** this.refusals)
    // A server whose hints prove too short is given more time, too.
    const waitMs = Math.max(hintMs || backoffMs, this.refusals > 1 ? backoffMs / 2 : 0)
    const heldMs = spread(waitMs, this.chance)
    this.untilMs = Math.max(this.untilMs, nowMs + heldMs)
    if (waitMs <= this.waitMs) return undefined
    this.waitMs = waitMs
    this.rampMs = Math.min(rampMs, heldMs)
    return heldMs
  }

  /** The instant from which a call may start that has `ahead` others before it: twice as many in each tenth of the ramp. */
  startAtMs(ahead: number): number {
    const place = (this.started + ahead) * this.tabs + this.rank
    return this.untilMs + (this.rampMs * Math.log2(place + 1)) / 10
  }

  /** Whether it neither holds anything nor makes the next hold longer. */
  isOver(nowMs: number): boolean {
    return !this.refusals && nowMs >= this.untilMs + this.rampMs
  }
}
