import {
  type CallOutcome,
  type CircuitOptions,
  type CircuitRules,
  circuitRules,
  type Trip,
} from '@evenkeel/circuit-breaker'
import type { Priority, Random } from '@evenkeel/core'
import { FleetCircuit } from './fleet-circuit.ts'

/** The circuits of all clients, by the rules of @evenkeel/circuit-breaker. */
export class Circuits {
  readonly #rules: CircuitRules
  readonly #random: Random
  readonly #circuit: FleetCircuit

  constructor(options: CircuitOptions, clients: number, random: Random) {
    const { trip } = circuitRules(options)
    const circuit = new FleetCircuit(clients, trip.size)
    // The breaker's own trip, on the numbers of the client in question.
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
    circuit.client = client
    if (circuit.isSimplyClosed) return 0
    // The shell rounds up too.
    return Math.ceil(this.#rules.admit(circuit, priority, nowMs, this.#random))
  }

  /** What to remember of a call that was let go. */
  ticket(client: number): number {
    this.#circuit.client = client
    return this.#circuit.generation
  }

  settle(
    client: number,
    ticket: number,
    outcome: CallOutcome,
    durationMs: number,
    hintMs: number,
    nowMs: number,
  ): void {
    const circuit = this.#circuit
    circuit.client = client
    this.#rules.settle(circuit, ticket, outcome, durationMs, hintMs, nowMs, this.#random)
  }

  /** As a new page has it. */
  forget(client: number): void {
    this.#circuit.client = client
    this.#circuit.clear()
  }
}
