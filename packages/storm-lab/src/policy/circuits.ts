import {
  type CallOutcome,
  type Circuit,
  type CircuitOptions,
  circuitRules,
  newCircuit,
} from '@evenkeel/circuit-breaker'
import type { Priority, Random } from '@evenkeel/core'

/** How many successes in a row are noted before a circuit is made for them. */
const noted = 4
/** A little more than the 30 s for which the breaker's own trip remembers a call. */
const memoryMs = 33_000

/**
 * The circuits of all clients, by the rules of @evenkeel/circuit-breaker.
 *
 * One costs almost a kilobyte, so a client that has seen no failure has none: its last successes are
 * noted, and told to the circuit when there must be one. That is the same, as long as the trip is the
 * breaker's own: what is older than its window it has forgotten.
 */
export class Circuits {
  readonly #rules
  readonly #random: Random
  readonly #circuits: (Circuit | undefined)[]
  readonly #canNote: boolean
  readonly #successMs: Float64Array
  readonly #count: Uint8Array

  constructor(options: CircuitOptions, clients: number, random: Random) {
    this.#rules = circuitRules(options)
    this.#random = random
    this.#canNote = options.trip === undefined
    this.#circuits = new Array(clients).fill(undefined)
    this.#successMs = new Float64Array(this.#canNote ? clients * noted : 0)
    this.#count = new Uint8Array(this.#canNote ? clients : 0)
  }

  /** Lets a call go (0), or says how long to stay away. */
  admit(client: number, priority: Priority, nowMs: number): number {
    const circuit = this.#circuits[client]
    if (!circuit || (circuit.state === 'closed' && !circuit.openings)) return 0
    // The shell rounds up too.
    return Math.ceil(this.#rules.admit(circuit, priority, nowMs, this.#random))
  }

  /** What to remember of a call that was let go. */
  ticket(client: number): number {
    return this.#circuits[client]?.generation ?? 0
  }

  settle(
    client: number,
    ticket: number,
    outcome: CallOutcome,
    durationMs: number,
    hintMs: number,
    nowMs: number,
  ): void {
    if (!this.#circuits[client]) {
      if (outcome === 'ignored') return
      if (outcome === 'success' && this.#note(client, nowMs)) return
    }
    this.#circuits[client] ??= this.#newCircuit(client)
    const circuit = this.#circuits[client]
    this.#rules.settle(circuit, ticket, outcome, durationMs, hintMs, nowMs, this.#random)
  }

  forget(client: number): void {
    this.#circuits[client] = undefined
    if (this.#canNote) this.#count[client] = 0
  }

  /** Notes a success, if there is room for it. */
  #note(client: number, nowMs: number): boolean {
    if (!this.#canNote) return false
    const at = client * noted
    let count = this.#count[client] as number
    if (count && nowMs - (this.#successMs[at + count - 1] as number) > memoryMs) count = 0
    if (count === noted) return false
    this.#successMs[at + count] = nowMs
    this.#count[client] = count + 1
    return true
  }

  #newCircuit(client: number): Circuit {
    const circuit = newCircuit()
    const count = this.#canNote ? (this.#count[client] as number) : 0
    for (let each = 0; each < count; each++) {
      const atMs = this.#successMs[client * noted + each] as number
      this.#rules.settle(circuit, 0, 'success', 0, 0, atMs, this.#random)
    }
    return circuit
  }
}
