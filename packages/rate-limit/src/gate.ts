import type { Priority, Random } from '@evenkeel/core'
import { Cooldown } from './cooldown.ts'
import type { RateLimitEvent } from './events.ts'
import type { Limit, LimitedCall, LimitFactory, Outcome, ResponseLimits } from './limit.ts'

/** A call at the gate, as it is told what became of its wait. */
export interface GateCall extends LimitedCall {
  /** The instant after which it is no use to it any more. */
  readonly giveUpAtMs: number
  /** It has started. */
  release(): void
  /** It will not start. */
  refuse(code: string, waitMs: number): void
}

/** What every gate of a rate limit shares. */
export interface GateRules {
  readonly limits: readonly LimitFactory[]
  readonly maxQueued: number
  readonly rampMs: number
  readonly random: Random
  readonly emit: (event: RateLimitEvent) => void
}

/** Why a call was not let through. Without a code it waits. */
export interface Verdict {
  readonly code: string | undefined
  readonly waitMs: number
  /** Who lost its place in a full queue to it, to be told. */
  readonly shed?: GateCall | undefined
}

const order: readonly Priority[] = ['critical', 'important', 'deferred']
const rank = ({ priority }: LimitedCall): number => order.indexOf(priority)

/**
 * Decides for one key which calls start, wait, or go away: no promise, no clock, so that an app and a
 * simulator run the same.
 */
export class Gate {
  readonly cooldown: Cooldown
  readonly limits: readonly Limit[]
  /** Who waits, in the order of their turn: the more important first, then who came first. */
  queue: GateCall[] = []
  /** When to `pump` again at the latest. */
  nextAtMs: number = Infinity
  /** Whether a call may pass without being looked at. */
  isCalm: boolean
  readonly #key: string
  readonly #rules: GateRules
  #code = ''
  #hasEnded = false

  constructor(key: string, rules: GateRules) {
    this.#key = key
    this.#rules = rules
    this.cooldown = new Cooldown(rules.rampMs)
    this.limits = rules.limits.map((create) => create(key, rules.random, rules.emit))
    this.isCalm = !this.limits.length
  }

  /** Lets a call start, queues it, or turns it away. @returns `undefined` if it has started */
  enter(call: GateCall, nowMs: number): Verdict | undefined {
    for (const limit of this.limits) {
      const waitMs = limit.turnAway?.(call, nowMs)
      if (waitMs !== undefined) return { code: limit.code, waitMs }
    }
    let index = this.#placeOf(call)
    let atMs = this.#startAtMs(call, nowMs, index)
    if (atMs <= nowMs && this.queue.length) {
      // Somebody's turn may have come a moment ago.
      this.pump(nowMs)
      index = this.#placeOf(call)
      atMs = this.#startAtMs(call, nowMs, index)
    }
    if (atMs <= nowMs) {
      this.#start(call, nowMs)
      this.#tell()
      return undefined
    }
    const waitMs = atMs - nowMs
    const { queue } = this
    if (this.#isTooLong(call, atMs, nowMs)) return { code: this.#code, waitMs }
    if (index >= this.#rules.maxQueued) return { code: 'QUEUE_FULL', waitMs }
    queue.splice(index, 0, call)
    this.nextAtMs = Math.min(this.nextAtMs, atMs, call.giveUpAtMs)
    return {
      code: undefined,
      waitMs,
      shed: queue.length > this.#rules.maxQueued ? queue.pop() : undefined,
    }
  }

  /** Starts whoever's turn has come, and turns away who would wait too long. */
  pump(nowMs: number): void {
    const waiting: GateCall[] = []
    const done: (() => void)[] = []
    let nextAtMs = Infinity
    for (const call of this.queue) {
      const atMs = this.#startAtMs(call, nowMs, waiting.length)
      if (atMs <= nowMs) {
        this.#start(call, nowMs)
        done.push(() => call.release())
      } else if (this.#isTooLong(call, atMs, nowMs)) {
        const code = this.#code
        done.push(() => call.refuse(code, atMs - nowMs))
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
  leave(call: GateCall): void {
    this.queue = this.queue.filter((other) => other !== call)
    if (!this.queue.length) this.nextAtMs = Infinity
  }

  /** A call that had started is over. */
  ended(call: LimitedCall, outcome: Outcome, nowMs: number): void {
    for (const limit of this.limits) limit.ended?.(call, outcome, nowMs)
  }

  /** Takes in what a response said. */
  learn(route: string, response: ResponseLimits, nowMs: number): void {
    let isDealtWith = false
    for (const limit of this.limits) if (limit.learn?.(route, response, nowMs)) isDealtWith = true
    if (!response.refused || isDealtWith) return
    const { retryAfterMs } = response
    const waitMs = this.cooldown.hold(retryAfterMs, nowMs, this.#rules.random)
    this.isCalm = false
    if (waitMs !== undefined)
      this.#rules.emit({
        type: 'cooldownStarted',
        key: this.#key,
        waitMs,
        source: retryAfterMs ? 'server' : 'backoff',
      })
  }

  isNeeded(nowMs: number): boolean {
    return (
      nowMs < this.cooldown.untilMs ||
      this.queue.length > 0 ||
      this.limits.some((limit) => limit.isNeeded?.(nowMs))
    )
  }

  #placeOf(call: GateCall): number {
    const { queue } = this
    let index = queue.length
    while (index && rank(queue[index - 1] as GateCall) > rank(call)) index--
    return index
  }

  #startAtMs(call: LimitedCall, nowMs: number, ahead: number): number {
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

  #isTooLong({ giveUpAtMs }: GateCall, atMs: number, nowMs: number): boolean {
    // Infinity: it may be any moment.
    return nowMs >= giveUpAtMs || (atMs > giveUpAtMs && atMs < Infinity)
  }

  #start(call: LimitedCall, nowMs: number): void {
    const { cooldown } = this
    if (cooldown.isOver(nowMs)) this.isCalm = !this.limits.length && this.queue.length === 0
    else if (!cooldown.started++) this.#hasEnded = true
    for (const limit of this.limits) limit.started?.(call, nowMs)
  }

  // A listener may make a call, so it hears of it when the queue is in order.
  #tell(): void {
    if (!this.#hasEnded) return
    this.#hasEnded = false
    this.#rules.emit({ type: 'cooldownEnded', key: this.#key })
  }
}
