import type { Random } from '@evenkeel/core'
import {
  Gate,
  type GateCall,
  type GateRules,
  type LimitFactory,
  type Outcome,
} from '@evenkeel/rate-limit'

/** What a cooldown can be told; as `RateLimitOptions` of @evenkeel/rate-limit. */
export interface CooldownRules {
  readonly limits?: readonly LimitFactory[] | undefined
  readonly maxWaitMs?: number | undefined
  readonly maxQueued?: number | undefined
  readonly rampMs?: number | undefined
}

/** A call at its client's gate. */
export interface GateTicket extends GateCall {
  readonly call: number
  readonly client: number
}

/** What a fleet does about its gates. */
export interface GateHandlers {
  /** A call that waited may go. */
  released(ticket: GateTicket): void
  /** A call that waited has waited in vain. */
  refused(ticket: GateTicket): void
  /** The client's gate is to be asked again then. */
  pumpAt(client: number, atMs: number): void
}

/**
 * The gates of all clients: `Gate` of @evenkeel/rate-limit, made for a client when its server first
 * turns it away, and dropped when that is over. With limits of this side, each has one.
 */
export class Gates {
  readonly #rules: GateRules<GateTicket>
  readonly #gates: (Gate<GateTicket> | undefined)[]
  readonly #pumpAtMs: Float64Array
  readonly #handlers: GateHandlers
  readonly #maxWaitMs: number
  readonly #isAlways: boolean

  constructor(
    { limits = [], maxWaitMs = 60_000, maxQueued = 1000, rampMs = 5000 }: CooldownRules,
    clients: number,
    random: Random,
    handlers: GateHandlers,
  ) {
    this.#gates = new Array(clients).fill(undefined)
    this.#pumpAtMs = new Float64Array(clients).fill(Infinity)
    this.#handlers = handlers
    this.#maxWaitMs = maxWaitMs
    this.#isAlways = limits.length > 0
    this.#rules = {
      limits,
      maxQueued,
      rampMs,
      random,
      emit() {},
      release: (ticket) => handlers.released(ticket),
      refuse: (ticket) => handlers.refused(ticket),
    }
  }

  /** Lets a call go (its ticket, or nothing while all is calm), parks it (`'parked'`), or turns it away (`'refused'`). */
  enter(
    call: number,
    client: number,
    priority: GateTicket['priority'],
    deadlineAtMs: number,
    nowMs: number,
  ): GateTicket | undefined | 'parked' | 'refused' {
    const gate = this.#isAlways ? this.#made(client) : this.#gates[client]
    if (!gate || gate.isCalm) return undefined
    const giveUpAtMs = Math.min(nowMs + this.#maxWaitMs, deadlineAtMs)
    const ticket: GateTicket = { route: '', priority, giveUpAtMs, call, client }
    const verdict = gate.enter(ticket, nowMs)
    this.#arm(gate, client)
    if (!verdict) return ticket
    if (verdict.code) return 'refused'
    if (verdict.shed) this.#handlers.refused(verdict.shed)
    return 'parked'
  }

  /** The server turned a call away. */
  turnedAway(client: number, retryAfterMs: number, nowMs: number): void {
    const gate = this.#made(client)
    const hint = Number.isNaN(retryAfterMs) ? {} : { retryAfterMs }
    gate.learn('', { refused: true, ...hint }, nowMs)
    this.pump(client, nowMs)
  }

  /** A call that went is over. */
  ended(client: number, ticket: GateTicket | undefined, outcome: Outcome, nowMs: number): void {
    const gate = this.#gates[client]
    if (!gate) return
    if (ticket) gate.ended(ticket, outcome, nowMs)
    this.pump(client, nowMs)
    if (gate.isCalm && !this.#isAlways) this.#gates[client] = undefined
  }

  /** Lets go whoever's turn has come. */
  pump(client: number, nowMs: number): void {
    const gate = this.#gates[client]
    if (!gate?.queue.length) return
    gate.pump(nowMs)
    this.#arm(gate, client)
  }

  /** As {@link pump}, when the time has come that was asked for. */
  due(client: number, nowMs: number): void {
    if (nowMs < (this.#pumpAtMs[client] as number)) return
    this.#pumpAtMs[client] = Infinity
    this.pump(client, nowMs)
  }

  forget(client: number): void {
    if (!this.#gates[client]?.queue.length) this.#gates[client] = undefined
  }

  #made(client: number): Gate<GateTicket> {
    this.#gates[client] ??= new Gate('', this.#rules)
    return this.#gates[client]
  }

  #arm(gate: Gate<GateTicket>, client: number): void {
    const atMs = gate.queue.length ? gate.nextAtMs : Infinity
    if (atMs >= (this.#pumpAtMs[client] as number)) return
    this.#pumpAtMs[client] = atMs
    if (atMs < Infinity) this.#handlers.pumpAt(client, atMs)
  }
}
