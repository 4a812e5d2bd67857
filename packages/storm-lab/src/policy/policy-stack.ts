import type { Priority, Random } from '@evenkeel/core'
import type { Outcome } from '@evenkeel/rate-limit'
import { admits, type FleetHint } from '@evenkeel/rate-limit/fleet-hint'
import { noAnswer } from '../backend/answers.ts'
import type { CallTable } from '../fleet/call-table.ts'
import type { ClientModel } from '../fleet/client-model.ts'
import type { Fleet } from '../fleet/fleet.ts'
import { priorities } from '../scenario/priorities.ts'
import { Circuits } from './circuits.ts'
import type { ClientRules } from './client-rules.ts'
import { breakerOutcome, isRefusal, ownEnd } from './failure.ts'
import { Gates, type GateTicket } from './gates.ts'
import { Retries } from './retries.ts'

/** What a stack is part of. */
export interface StackWorld {
  readonly fleet: Fleet
  readonly clients: number
  readonly random: Random
  /** What a client knows of what its server asks for. */
  hint(client: number): FleetHint | undefined
}

/**
 * The policies of `createFetch` in its order, for a whole fleet and without a promise: total deadline →
 * retry (budget) → rate limit (cooldown) → circuit breaker → limit of an attempt.
 *
 * It only calls the pure cores of the packages and passes on what they decide.
 */
export class PolicyStack implements ClientModel {
  readonly outlivesPatience: boolean
  readonly #world: StackWorld
  readonly #fleet: Fleet
  readonly #calls: CallTable
  readonly #totalMs: number
  readonly #attemptMs: number
  readonly #obeysHints: boolean
  readonly #heedsHint: boolean
  readonly #forgets: boolean
  readonly #retries: Retries | undefined
  readonly #gates: Gates | undefined
  readonly #circuits: Circuits | undefined
  /** By the number of a call, its place at the gate. */
  readonly #tickets: (GateTicket | undefined)[] = []

  constructor(world: StackWorld, patienceMs: number, rules: ClientRules) {
    const { fleet, clients, random } = world
    const { totalTimeoutMs = 120_000, attemptTimeoutMs = 60_000, fleetHint = false } = rules
    const { retry = {}, cooldown = {}, circuitBreaker = {}, survivesReload = false } = rules
    this.#world = world
    this.#fleet = fleet
    this.#calls = fleet.calls
    this.#totalMs = totalTimeoutMs
    this.#attemptMs = attemptTimeoutMs
    this.#obeysHints = !retry || (retry.obeysRetryAfter ?? true)
    this.#heedsHint = fleetHint
    this.#forgets = !survivesReload
    this.outlivesPatience = totalTimeoutMs > patienceMs
    if (retry) this.#retries = new Retries(retry, fleet.calls, clients, random)
    if (cooldown) this.#gates = this.#newGates(cooldown)
    if (circuitBreaker) this.#circuits = new Circuits(circuitBreaker, clients, random)
    fleet.expectLimit(attemptTimeoutMs)
  }

  start(call: number): void {
    this.#retries?.started(call, this.#nowMs)
    this.resumed(call)
  }

  resumed(call: number): void {
    const client = this.#clientOf(call)
    const name = this.#priorityOf(call)
    const hint = this.#heedsHint ? this.#world.hint(client) : undefined
    const isRetry = (this.#calls.attempts[call] as number) > 0
    if (hint && !admits(hint, name, isRetry, this.#world.random())) {
      this.#fleet.end(call, ownEnd.heldBack)
      return
    }
    const ticket = this.#gates?.enter(call, this.#deadlineOf(call), this.#nowMs)
    if (ticket === 'refused') this.#fleet.end(call, ownEnd.heldBack)
    else if (ticket !== 'parked') this.#pass(call, ticket)
  }

  answered(call: number, status: number, retryAfterMs: number): void {
    const waitMs = this.#obeysHints ? retryAfterMs : NaN
    if (isRefusal(status, waitMs))
      this.#gates?.turnedAway(this.#clientOf(call), waitMs, this.#nowMs)
    this.#ended(call, status, waitMs > 0 ? waitMs : undefined)
  }

  timedOut(call: number): void {
    const isLast = (this.#calls.sentMs[call] as number) + this.#attemptMs >= this.#deadlineOf(call)
    this.#ended(call, isLast ? ownEnd.deadline : ownEnd.timeout)
  }

  forget(client: number): void {
    if (!this.#forgets) return
    this.#retries?.forget(client)
    this.#gates?.forget(client)
    this.#circuits?.forget(client)
  }

  get #nowMs(): number {
    return this.#fleet.kernel.nowMs
  }

  #newGates(rules: Exclude<ClientRules['cooldown'], false | undefined>): Gates {
    const { fleet, clients, random } = this.#world
    const { kernel } = fleet
    const gates = new Gates(rules, clients, fleet.calls, random, {
      released: (ticket) => this.#pass(ticket.call, ticket),
      refused: ({ call }) => fleet.end(call, ownEnd.heldBack),
      pumpAt: (client, atMs) => kernel.at(atMs, pump, client),
    })
    const pump = kernel.on((client) => gates.due(client, kernel.nowMs))
    return gates
  }

  /** Past the gate. */
  #pass(call: number, ticket: GateTicket | undefined): void {
    const nowMs = this.#nowMs
    const client = this.#clientOf(call)
    this.#tickets[this.#calls.numberOf(call)] = ticket
    if (this.#circuits) {
      const priority = this.#priorityOf(call)
      if (this.#circuits.admit(client, priority, nowMs)) {
        this.#gates?.ended(client, ticket, 'unsent', nowMs)
        this.#fleet.end(call, ownEnd.circuitOpen)
        return
      }
      this.#calls.circuitTicket[call] = this.#circuits.ticket(client, priority)
    }
    this.#calls.sentMs[call] = nowMs
    this.#fleet.send(call, Math.min(this.#attemptMs, this.#deadlineOf(call) - nowMs))
  }

  /** An attempt is over, however. */
  #ended(call: number, status: number, hintMs?: number): void {
    const nowMs = this.#nowMs
    const client = this.#clientOf(call)
    const outcome = breakerOutcome(status)
    if (this.#circuits) {
      const tookMs = nowMs - (this.#calls.sentMs[call] as number)
      const ticket = this.#calls.circuitTicket[call] as number
      const priority = this.#priorityOf(call)
      this.#circuits.settle(client, priority, ticket, outcome, tookMs, hintMs ?? 0, nowMs)
    }
    this.#gates?.ended(
      client,
      this.#tickets[this.#calls.numberOf(call)],
      limitOutcome(status),
      nowMs,
    )
    let delayMs = -1
    if (outcome === 'success') this.#retries?.succeeded(call)
    else if (this.#retries) {
      const leftMs = this.#deadlineOf(call) - nowMs
      delayMs = this.#retries.delayMs(call, status, hintMs, leftMs, nowMs)
    }
    if (delayMs < 0) this.#fleet.end(call, status)
    else this.#fleet.wait(call, delayMs)
  }

  #clientOf(call: number): number {
    return this.#calls.client[call] as number
  }

  #priorityOf(call: number): Priority {
    return priorities[this.#calls.priority[call] as number] as Priority
  }

  #deadlineOf(call: number): number {
    return (this.#calls.startMs[call] as number) + this.#totalMs
  }
}

/** What a limit of this side takes the end of an attempt for. */
function limitOutcome(status: number): Outcome {
  if (status === noAnswer.refused || status === noAnswer.offline) return 'unsent'
  return breakerOutcome(status) === 'success' ? 'accepted' : 'rejected'
}
