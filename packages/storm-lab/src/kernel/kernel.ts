import { EventQueue } from './event-queue.ts'
import { Lane } from './lane.ts'

/** What is done when an event is due; `subject` is a number of the one who entered it. */
export type Handler = (subject: number) => void

/** How many subjects there are; a kind times this plus a subject is exact as a number, and `>>> 0` of it is the subject. */
const subjects = 2 ** 32

/**
 * Virtual time: events in the order of their instants, those of one instant in the order they came.
 *
 * An event is two numbers, a handler and a subject, so that nothing is allocated for it.
 */
export class Kernel {
  nowMs = 0
  /** How many events have been handled. */
  handled = 0
  readonly #queue = new EventQueue()
  readonly #lanes: Lane[] = []
  readonly #handlers: Handler[] = []
  #entered = 0

  /** Registers what is done for a kind of event, and gives the kind. */
  on(handler: Handler): number {
    return this.#handlers.push(handler) - 1
  }

  /** Enters an event; one for an instant that has passed is due now. */
  at(atMs: number, kind: number, subject: number): void {
    if (subject >= subjects) throw new RangeError(`kernel: subject ${subject} ≥ ${subjects}`)
    this.#queue.push(Math.max(atMs, this.nowMs), this.#entered++, kind * subjects + subject)
  }

  /** Opens a lane: for many events that come after the same delay it costs less than {@link at}. */
  lane(delayMs: number, handler: (subject: number, stamp: number) => void): Lane {
    const lane = new Lane(delayMs, handler)
    this.#lanes.push(lane)
    return lane
  }

  /** Enters an event into a lane, due when its delay has passed. */
  after(lane: Lane, subject: number, stamp = 0): void {
    lane.push(this.nowMs, this.#entered++, subject, stamp)
  }

  /** Handles the next event that is due by `untilMs`, and says whether there was one. */
  step(untilMs: number): boolean {
    let lane: Lane | undefined
    let atMs = this.#queue.nextAtMs
    let order = this.#queue.nextOrder
    for (const each of this.#lanes) {
      const eachAtMs = each.nextAtMs
      if (eachAtMs < atMs || (eachAtMs === atMs && eachAtMs < Infinity && each.nextOrder < order)) {
        lane = each
        atMs = eachAtMs
        order = each.nextOrder
      }
    }
    if (atMs > untilMs || atMs === Infinity) return false
    this.nowMs = atMs
    this.handled++
    if (lane) lane.fire()
    else {
      const what = this.#queue.pop()
      ;(this.#handlers[Math.floor(what / subjects)] as Handler)(what >>> 0)
    }
    return true
  }

  /** Handles all that is due by `untilMs`, which is then the time. */
  run(untilMs: number): void {
    while (this.step(untilMs));
    this.nowMs = Math.max(this.nowMs, untilMs)
  }
}
