import type { Random } from '@evenkeel/core'
import type { Gate, GateCall, GateRules, LimitFactory, Outcome } from '@evenkeel/rate-limit'
import type { CallTable } from '../fleet/call-table.ts'
import { CallTicket } from './call-ticket.ts'
import { GateColumns, GateObjects, type GateStore } from './gate-store.ts'

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
  readonly #store: GateStore
  readonly #calls: CallTable
  /** By the number of a call. */
  readonly #tickets: GateTicket[] = []
  readonly #pumpAtMs: Float64Array
  readonly #handlers: GateHandlers
  readonly #maxWaitMs: number
  readonly #hasLimits: boolean

  constructor(
    { limits = [], maxWaitMs = 60_000, maxQueued = 1000, rampMs = 5000 }: CooldownRules,
    clients: number,
    calls: CallTable,
    random: Random,
    handlers: GateHandlers,
  ) {
    const rules: GateRules<GateTicket> = {
      limits,
      maxQueued,
      rampMs,
      random,
      emit() {},
      release: (ticket) => handlers.released(ticket),
      refuse: (ticket) => handlers.refused(ticket),
    }
    this.#hasLimits = limits.length > 0
    const Store = this.#hasLimits ? GateObjects : GateColumns
    this.#store = new Store(rules, clients)
    this.#pumpAtMs = new Float64Array(clients).fill(Infinity)
    this.#calls = calls
    this.#handlers = handlers
    this.#maxWaitMs = maxWaitMs
  }

  /** Lets a call go (its ticket, or nothing while all is calm), parks it (`'parked'`), or turns it away (`'refused'`). */
  enter(
    call: number,
    deadlineAtMs: number,
    nowMs: number,
  ): GateTicket | undefined | 'parked' | 'refused' {
    const client = this.#calls.client[call] as number
    const gate = this.#hasLimits ? this.#store.made(client) : this.#store.of(client)
    if (!gate || gate.isCalm) return undefined
    const ticket = this.#ticketOf(call)
    this.#calls.giveUpAtMs[call] = Math.min(nowMs + this.#maxWaitMs, deadlineAtMs)
    const verdict = gate.enter(ticket, nowMs)
    this.#arm(gate, client)
    if (!verdict) return ticket
    if (verdict.code) return 'refused'
    if (verdict.shed) this.#handlers.refused(verdict.shed)
    return 'parked'
  }

  /** The server turned a call away. */
  turnedAway(client: number, retryAfterMs: number, nowMs: number): void {
    const gate = this.#store.made(client)
    const hintMs = Number.isNaN(retryAfterMs) ? undefined : retryAfterMs
    gate.learn('', { refused: true, retryAfterMs: hintMs }, nowMs)
    this.#pump(gate, client, nowMs)
  }

  /** A call that went is over. */
  ended(client: number, ticket: GateTicket | undefined, outcome: Outcome, nowMs: number): void {
    const gate = this.#store.of(client)
    if (!gate) return
    if (ticket) gate.ended(ticket, outcome, nowMs)
    this.#pump(gate, client, nowMs)
    if (gate.isCalm && !this.#hasLimits) this.#store.drop(client)
  }

  /** The time has come that was asked for: lets go whoever's turn it is. */
  due(client: number, nowMs: number): void {
    if (nowMs < (this.#pumpAtMs[client] as number)) return
    this.#pumpAtMs[client] = Infinity
    const gate = this.#store.of(client)
    if (gate) this.#pump(gate, client, nowMs)
  }

  forget(client: number): void {
    if (!this.#store.of(client)?.queue.length) this.#store.drop(client)
  }

  #ticketOf(call: number): GateTicket {
    const number = this.#calls.numberOf(call)
    this.#tickets[number] ??= new CallTicket(this.#calls, call)
    return this.#tickets[number]
  }

  #pump(gate: Gate<GateTicket>, client: number, nowMs: number): void {
    if (!gate.queue.length) return
    gate.pump(nowMs)
    this.#arm(gate, client)
  }

  #arm(gate: Gate<GateTicket>, client: number): void {
    const atMs = gate.queue.length ? gate.nextAtMs : Infinity
    if (atMs >= (this.#pumpAtMs[client] as number)) return
    this.#pumpAtMs[client] = atMs
    if (atMs < Infinity) this.#handlers.pumpAt(client, atMs)
  }
}
