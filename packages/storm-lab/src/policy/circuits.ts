import {
  type CallOutcome,
  type CircuitOptions,
  type CircuitRules,
  circuitRules,
  type Trip,
} from '@evenkeel/circuit-breaker'
import type { Priority, Random } from '@evenkeel/core'
import { FleetCircuit } from './fleet-circuit.ts'

/** The circuits of all clients, by the rules of @evenkeel/circuit-breaker: one for a client's critical calls, one for its others. */
export class Circuits {
  readonly #rules: CircuitRules
  readonly #random: Random
  readonly #circuit: FleetCircuit

  constructor(options: CircuitOptions, clients: number, random: Random) {
    const { trip } = circuitRules(options)
    // The breaker's own trip keeps whole numbers; another may keep any.
    const Numbers = options.trip ? Float64Array : Uint32Array
    const circuit = new FleetCircuit(2 * clients, trip.size, Numbers)
    // The breaker's own trip, on the numbers of the circuit in question.
    const placed: Trip = {
      ...trip,
      record: (memory, _at, failed, durationMs, nowMs) =>
        trip.record(memory, circuit.memoryAt, failed, durationMs, nowMs),
    }
    this.#rules = circuitRules({ ...options, trip: placed })
    this.#circuit = circuit
    this.#random = random
  }

  /** Lets a call go (0), or says how long to stay away. */
  admit(client: number, priority: Priority, nowMs: number): number {
    const circuit = this.#circuit
    circuit.place = this.#placeOf(client, priority)
    if (circuit.isSimplyClosed) return 0
    // The shell rounds up too.
    return Math.ceil(this.#rules.admit(circuit, priority, nowMs, this.#random))
  }

  /** What to remember of a call that was let go. */
  ticket(client: number, priority: Priority): number {
    this.#circuit.place = this.#placeOf(client, priority)
    return this.#circuit.generation
  }

  settle(
    client: number,
    priority: Priority,
    ticket: number,
    outcome: CallOutcome,
    durationMs: number,
    hintMs: number,
    nowMs: number,
  ): void {
    const circuit = this.#circuit
    circuit.place = this.#placeOf(client, priority)
    this.#rules.settle(circuit, ticket, outcome, durationMs, hintMs, nowMs, this.#random)
  }

  /** As a new page has it. */
  forget(client: number): void {
    for (const priority of ['critical', 'important'] as const) {
      this.#circuit.place = this.#placeOf(client, priority)
      this.#circuit.clear()
    }
  }

  /** Where a client's circuit is for calls of this priority. */
  #placeOf(client: number, priority: Priority): number {
    return 2 * client + (this.#rules.separatesCritical && priority === 'critical' ? 1 : 0)
  }
}
