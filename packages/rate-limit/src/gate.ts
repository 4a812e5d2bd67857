import type { Random } from '@evenkeel/core'
import { Cooldown } from './cooldown.ts'
import type { RateLimitEvent } from './events.ts'
import type { Limit, LimitedCall, LimitFactory, Outcome, ResponseLimits } from './limit.ts'
import { priorities } from './priorities.ts'

/** A call at the gate. */
export interface GateCall extends LimitedCall {
  /** The instant after which a start is no use to it any more. */
  readonly giveUpAtMs: number
  /** How many refusals in a row it started after: the gate's own note. */
  refusals?: number
}

/** What a gate is told, and whom it tells. */
export interface GateRules<C extends GateCall> {
  readonly limits: readonly LimitFactory[]
  readonly maxQueued: number
  readonly rampMs: number
  readonly random: Random
  /** Tells the app what happened. */
  readonly emit: (event: RateLimitEvent) => void
  /** A call that waited has started. */
  release(call: C): void
  /** A call that waited will not start. */
  refuse(call: C, code: string, waitMs: number): void
}

/** Why a call has not started. Without a code it waits. */
export interface Verdict<C extends GateCall> {
  readonly code?: string
  readonly waitMs: number
  /** Who lost its place in a full queue to it, and is to be refused. */
  readonly shed?: C | undefined
}

/**
 * Decides for one key which calls start, wait, or go away: no promise, no clock, so that an app and a
 * simulator run the same.
 */
export class Gate<C extends GateCall> {
  readonly cooldown: Cooldown = new Cooldown()
  readonly limits: readonly Limit[]
  /** Who waits, in the order of their turn: the more important first, then who came first. */
  queue: C[] = []
  /** When to `pump` again at the latest. */
  nextAtMs: number = Infinity
  /** How many refusals the host has announced: the failures that follow are no news. */
  announced = 0
  /** Whether calls pass without being shown to it. */
  isCalm: boolean
  readonly #key: string
  readonly #rules: GateRules<C>
  #code = ''
  #hasEnded = false

  constructor(key: string, rules: GateRules<C>) {
    this.#key = key
    this.#rules = rules
    this.limits = rules.limits.map((create) => create(key, rules.random, rules.emit))
    this.isCalm = !this.limits.length
  }

  /** Lets a call start, queues it, or turns it away. @returns `undefined` if it has started */
  enter(call: C, nowMs: number): Verdict<C> | undefined {
    for (const limit of this.limits) {
      const waitMs = limit.turnAway?.(call, nowMs)
      if (waitMs !== undefined) return { code: limit.code, waitMs }
    }
    let place = this.#placeOf(call)
    let atMs = this.#startAtMs(call, nowMs, place)
    if (atMs <= nowMs && this.queue.length) {
      // Somebody's turn may have come a moment ago.
      this.pump(nowMs)
      place = this.#placeOf(call)
      atMs = this.#startAtMs(call, nowMs, place)
    }
    if (atMs <= nowMs) {
      this.#start(call, nowMs)
      this.#tell()
      return undefined
    }
    const waitMs = atMs - nowMs
    if (this.#isTooLong(call, atMs, nowMs)) return { code: this.#code, waitMs }
    if (place >= this.#rules.maxQueued) return { code: 'QUEUE_FULL', waitMs }
    this.queue.splice(place, 0, call)
    this.nextAtMs = Math.min(this.nextAtMs, atMs, call.giveUpAtMs)
    return {
      waitMs,
      shed: this.queue.length > this.#rules.maxQueued ? this.queue.pop() : undefined,
    }
  }

  /** Starts whoever's turn has come, and turns away who would wait too long. */
  pump(nowMs: number): void {
    const waiting: C[] = []
    const done: (() => void)[] = []
    let nextAtMs = Infinity
    for (const call of this.queue) {
      const atMs = this.#startAtMs(call, nowMs, waiting.length)
      const code = this.#code
      if (atMs <= nowMs) {
        this.#start(call, nowMs)
        done.push(() => this.#rules.release(call))
      } else if (this.#isTooLong(call, atMs, nowMs)) {
        done.push(() => this.#rules.refuse(call, code, atMs - nowMs))
      } else {
        waiting.push(call)
        nextAtMs = Math.min(nextAtMs, atMs, call.giveUpAtMs)
      }
    }
    this.queue = waiting
    this.nextAtMs = nextAtMs
    this.#tell()
    for (const tell of done) tell()
  }

  /** Takes out a call that nobody waits for any more. */
  leave(call: C): void {
    this.queue = this.queue.filter((other) => other !== call)
  }

  /** A call that had started is over. */
  ended(call: C, outcome: Outcome, nowMs: number): void {
    // A success ends the row of refusals, unless the call is older than the last of them.
    if (outcome === 'accepted' && call.refusals === this.cooldown.refusals)
      this.cooldown.refusals = 0
    for (const limit of this.limits) limit.ended?.(call, outcome, nowMs)
  }

  /** Takes in what a response said. */
  learn(route: string, response: ResponseLimits, nowMs: number): void {
    let isDealtWith = false
    for (const limit of this.limits) if (limit.learn?.(route, response, nowMs)) isDealtWith = true
    if (!response.refused || isDealtWith) return
    const waitMs = this.cooldown.hold(response.retryAfterMs, nowMs, this.#rules)
    this.isCalm = false
    if (waitMs)
      this.#rules.emit({
        type: 'cooldownStarted',
        key: this.#key,
        waitMs,
        source: response.retryAfterMs ? 'server' : 'backoff',
      })
  }

  /** Whether forgetting it now would lose anything. */
  isNeeded(nowMs: number): boolean {
    return (
      nowMs < this.cooldown.untilMs ||
      this.queue.length > 0 ||
      this.limits.some((limit) => limit.isNeeded?.(nowMs))
    )
  }

  #placeOf(call: C): number {
    const rank = priorities.indexOf(call.priority)
    let place = this.queue.length
    while (place && priorities.indexOf((this.queue[place - 1] as C).priority) > rank) place--
    return place
  }

  #startAtMs(call: C, nowMs: number, ahead: number): number {
    let latestMs = this.cooldown.startAtMs(ahead)
    this.#code = 'COOLDOWN_TOO_LONG'
    for (const limit of this.limits) {
      const atMs = limit.startAtMs(call, nowMs, ahead)
      if (atMs > latestMs) {
        latestMs = atMs
        this.#code = limit.code
      }
    }
    return latestMs
  }

  #isTooLong({ giveUpAtMs }: C, atMs: number, nowMs: number): boolean {
    // Infinity: it may be any moment.
    return nowMs >= giveUpAtMs || (atMs > giveUpAtMs && atMs < Infinity)
  }

  #start(call: C, nowMs: number): void {
    call.refusals = this.cooldown.refusals
    if (this.cooldown.isOver(nowMs)) this.isCalm = !this.limits.length && !this.queue.length
    else if (!this.cooldown.started++) this.#hasEnded = true
    for (const limit of this.limits) limit.started?.(call, nowMs)
  }

  // A listener may make a call, so it hears of it when the queue is in order.
  #tell(): void {
    if (this.#hasEnded) this.#rules.emit({ type: 'cooldownEnded', key: this.#key })
    this.#hasEnded = false
  }
}
