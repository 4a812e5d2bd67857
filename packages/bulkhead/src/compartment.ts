import type { Priority } from '@evenkeel/core'
import type { ConcurrencyLimit } from './concurrency-limit.ts'
import { Drain } from './drain.ts'
import type { NoRoomCode } from './no-room.ts'
import { SlowStart } from './slow-start.ts'
import { type InLine, WaitingLine } from './waiting-line.ts'

/** A call that may have to wait. */
export interface WaitingCall<C> extends InLine<C> {
  readonly priority: Priority
  readonly enteredAtMs: number
  /** The instant from which a start is no use to it any more. */
  readonly giveUpAtMs: number
  /** What it is told when its turn would come after that. */
  readonly lateCode: NoRoomCode
}

/** How an ended call bears on the limit: `ignored` says nothing of the server. */
export type CallOutcome = 'answered' | 'failed' | 'ignored'

/** What every compartment of a bulkhead goes by. */
export interface CompartmentRules {
  readonly maxQueued: number
  readonly agingMs: number
  readonly slowStart: boolean
}

/** What becomes of a call for which there is no room. */
export interface Verdict<C> {
  /** Why it may not even wait: calls at least as important fill the queue, or its turn would come too late. */
  readonly code?: NoRoomCode
  /** For about how long it would wait; `undefined` while nothing is known of that. */
  readonly waitMs: number | undefined
  /** Who has lost its place in a full queue to it, and is to be refused. */
  readonly shed?: C | undefined
}

/** One start in so many is for whoever has waited longest, once that is overdue. */
const agedShare = 10

/**
 * Decides for one key which calls start, wait, or go away: no promise, no clock, so that an app and a
 * simulator run the same.
 */
export class Compartment<C extends WaitingCall<C>> {
  inFlight = 0
  /** The capacity that has been told last: the caller's own note. */
  told: number
  readonly #limit: ConcurrencyLimit
  readonly #rules: CompartmentRules
  readonly #drain = new Drain()
  readonly #slowStart = new SlowStart()
  readonly #lines: Readonly<Record<Priority, WaitingLine<C>>> = {
    critical: new WaitingLine(),
    important: new WaitingLine(),
    deferred: new WaitingLine(),
  }
  #passedOver = 0

  constructor(limit: ConcurrencyLimit, rules: CompartmentRules) {
    this.#limit = limit
    this.#rules = rules
    this.told = this.capacity
  }

  /** How many calls may be under way. */
  get capacity(): number {
    return Math.min(this.#limited, this.#slowStart.places)
  }

  /** How many wait. */
  get queued(): number {
    return this.#upTo('deferred')
  }

  /** Whether the end of a call must know the time, for the sake of those that wait. */
  get isWanted(): boolean {
    return this.#drain.isWanted
  }

  /** Starts a call, if there is room and nobody waits for it. */
  start(): boolean {
    const isFree = this.inFlight < this.capacity && !this.queued
    if (isFree) this.inFlight++
    return isFree
  }

  /** Queues a call for which there is no room, or turns it away. */
  enter(call: C, nowMs: number): Verdict<C> {
    const { priority } = call
    this.#drain.want(nowMs)
    const waitMs = this.waitMs(priority, nowMs)
    if (nowMs + (waitMs ?? 0) >= call.giveUpAtMs) return { code: call.lateCode, waitMs }
    let shed: C | undefined
    if (this.queued >= this.#rules.maxQueued) {
      const { deferred, important } = this.#lines
      shed = priority === 'deferred' ? undefined : deferred.last
      if (priority === 'critical') shed ??= important.last
      if (!shed) return { code: 'BULKHEAD_FULL', waitMs }
      this.#lines[shed.priority].remove(shed)
    }
    this.#lines[priority].push(call)
    return { waitMs, shed }
  }

  /** Takes a call out of the queue. */
  leave(call: C): void {
    this.#lines[call.priority].remove(call)
    if (!this.queued) this.#drain.rest()
  }

  /** Starts whoever's turn it is, if there is room. */
  next(nowMs: number): C | undefined {
    if (this.inFlight >= this.capacity) return undefined
    const { critical, important, deferred } = this.#lines
    let call: C | undefined
    let oldest: C | undefined
    for (const { first } of [critical, important, deferred]) {
      call ??= first
      if (first && !(oldest && oldest.enteredAtMs <= first.enteredAtMs)) oldest = first
    }
    if (!call) return undefined
    if (oldest !== call && nowMs - (oldest as C).enteredAtMs >= this.#rules.agingMs) {
      this.#passedOver = (this.#passedOver + 1) % agedShare
      if (!this.#passedOver) call = oldest as C
    }
    this.inFlight++
    this.leave(call)
    return call
  }

  /** A call that had started is over. */
  end(outcome: CallOutcome, durationMs: number, nowMs: number): void {
    if (this.#drain.isWanted) this.#drain.free(nowMs)
    if (!this.queued) this.#drain.rest()
    // First: a limit of the app's own that throws must not keep the place.
    const inFlight = this.inFlight--
    if (outcome === 'ignored') return
    const failed = outcome === 'failed'
    if (this.#rules.slowStart) {
      if (failed) this.#slowStart.failed(this.capacity)
      else this.#slowStart.answered(this.#limited)
    }
    this.#limit.ended?.(failed, durationMs, inFlight)
  }

  /** For about how long a call that came now would wait. */
  waitMs(priority: Priority, nowMs: number): number | undefined {
    return this.#drain.waitMs(this.#upTo(priority) + 1, nowMs)
  }

  get #limited(): number {
    return Math.max(1, Math.floor(this.#limit.value))
  }

  /** How many wait that are at least as important. */
  #upTo(priority: Priority): number {
    const { critical, important, deferred } = this.#lines
    return (
      critical.size +
      (priority === 'critical' ? 0 : important.size) +
      (priority === 'deferred' ? deferred.size : 0)
    )
  }
}
