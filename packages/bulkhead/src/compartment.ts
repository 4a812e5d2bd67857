import { notify, type Priority } from '@evenkeel/core'
import type { ConcurrencyLimit } from './concurrency-limit.ts'
import { Drain } from './drain.ts'
import type { NoRoomCode } from './no-room-code.ts'
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
  /** For about how long it would wait; `undefined` while nothing is known of that. */
  readonly waitMs: number | undefined
  /** Who is to be refused: the call itself, or whoever has lost its place in a full queue to it. */
  readonly shed?: C | undefined
  /** Why: calls at least as important fill the queue, or its turn would come too late. */
  readonly code?: NoRoomCode
}

/** One start in so many is for whoever has waited longest, once that is overdue. */
const agedShare = 10
const ranks = { deferred: 0, important: 1, critical: 2 } as const

/**
 * Decides for one key which calls start, wait, or go away: no promise, no clock, so that an app and a
 * simulator run the same.
 */
export class Compartment<C extends WaitingCall<C>> {
  inFlight = 0
  /** How many wait. */
  queued = 0
  /** The capacity that has been told last: the caller's own note. */
  told: number
  readonly #limit: ConcurrencyLimit
  readonly #rules: CompartmentRules
  readonly #drain = new Drain()
  readonly #slowStart = new SlowStart()
  /** By rank, the least important first. */
  readonly #lines = [new WaitingLine<C>(), new WaitingLine<C>(), new WaitingLine<C>()] as const
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

  /** Whether the start and the end of a call must know the time, for the limit or for those that wait. */
  get isTimed(): boolean {
    return this.#drain.isWanted || !!this.#limit.ended
  }

  /** Starts a call, if there is room and nobody waits for it. */
  start(): boolean {
    const isFree = this.inFlight < this.capacity && !this.queued
    if (isFree) this.inFlight++
    return isFree
  }

  /** Queues a call for which there is no room, and says who is turned away, if somebody must be. */
  enter(call: C, nowMs: number): Verdict<C> {
    this.#drain.want(nowMs)
    const waitMs = this.waitMs(call.priority, nowMs)
    if (nowMs + (waitMs ?? 0) >= call.giveUpAtMs) return { waitMs, shed: call, code: call.lateCode }
    this.#lines[ranks[call.priority]].push(call)
    if (++this.queued <= this.#rules.maxQueued) return { waitMs }
    const shed = this.#lines.find(({ last }) => last)?.last as C
    this.leave(shed)
    return { waitMs, shed, code: 'BULKHEAD_FULL' }
  }

  /** Takes a call out of the queue, if it is there. */
  leave(call: C): void {
    if (this.#lines[ranks[call.priority]].remove(call)) this.queued--
  }

  /** Starts whoever's turn it is, if there is room. */
  next(nowMs: number): C | undefined {
    if (!this.queued || this.inFlight >= this.capacity) return undefined
    let call: C | undefined
    let oldest: C | undefined
    for (const { first } of this.#lines) {
      if (first && !(oldest && oldest.enteredAtMs < first.enteredAtMs)) oldest = first
      call = first ?? call
    }
    if (oldest !== call && nowMs - (oldest as C).enteredAtMs >= this.#rules.agingMs) {
      this.#passedOver = (this.#passedOver + 1) % agedShare
      if (!this.#passedOver) call = oldest as C
    }
    this.inFlight++
    this.leave(call as C)
    if (!this.queued) this.#drain.rest()
    return call
  }

  /** A call that had started is over. */
  end(outcome: CallOutcome, durationMs: number, nowMs: number): void {
    this.#drain.free(nowMs)
    if (!this.queued) this.#drain.rest()
    const inFlight = this.inFlight--
    if (outcome === 'ignored') return
    const failed = outcome === 'failed'
    if (this.#rules.slowStart) {
      if (failed) this.#slowStart.failed(this.capacity)
      else this.#slowStart.answered(this.#limited)
    }
    if (!this.#limit.ended) return
    // What a limit of the app's own throws breaks no call, and keeps nobody waiting.
    notify(() => this.#limit.ended?.(failed, durationMs, inFlight), undefined)
  }

  /** For about how long a call that came now would wait. */
  waitMs(priority: Priority, nowMs: number): number | undefined {
    let places = 1
    for (const { size } of this.#lines.slice(ranks[priority])) places += size
    return this.#drain.waitMs(places, nowMs)
  }

  get #limited(): number {
    return Math.max(1, Math.floor(this.#limit.value) || 1)
  }
}
