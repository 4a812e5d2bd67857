import type { Circuit, CircuitState } from '@evenkeel/circuit-breaker'

const states: readonly CircuitState[] = ['closed', 'open', 'half-open', 'isolated']

/** The circuits of a fleet in columns, and a window on one of them at a time. */
export class FleetCircuit implements Circuit {
  /** Whose circuit this is at the moment. */
  client = 0
  readonly #memorySize: number
  readonly #state: Uint8Array
  readonly #generation: Uint32Array
  readonly #openings: Uint32Array
  readonly #atMs: Float64Array
  readonly #notBeforeMs: Float64Array
  readonly #memory: Float64Array
  /** Few have any. */
  readonly #leases = new Map<number, Map<number, number>>()

  constructor(clients: number, memorySize: number) {
    this.#memorySize = memorySize
    this.#state = new Uint8Array(clients)
    this.#generation = new Uint32Array(clients)
    this.#openings = new Uint32Array(clients)
    this.#atMs = new Float64Array(clients)
    this.#notBeforeMs = new Float64Array(clients)
    this.#memory = new Float64Array(clients * memorySize)
  }

  get isSimplyClosed(): boolean {
    return this.#state[this.client] === 0 && this.#openings[this.client] === 0
  }

  get state(): CircuitState {
    return states[this.#state[this.client] as number] as CircuitState
  }

  set state(state: CircuitState) {
    this.#state[this.client] = states.indexOf(state)
  }

  get generation(): number {
    return this.#generation[this.client] as number
  }

  set generation(generation: number) {
    this.#generation[this.client] = generation
  }

  get openings(): number {
    return this.#openings[this.client] as number
  }

  set openings(openings: number) {
    this.#openings[this.client] = openings
  }

  get atMs(): number {
    return this.#atMs[this.client] as number
  }

  set atMs(atMs: number) {
    this.#atMs[this.client] = atMs
  }

  get notBeforeMs(): number {
    return this.#notBeforeMs[this.client] as number
  }

  set notBeforeMs(notBeforeMs: number) {
    this.#notBeforeMs[this.client] = notBeforeMs
  }

  get leases(): Map<number, number> | undefined {
    return this.#leases.size ? this.#leases.get(this.client) : undefined
  }

  set leases(leases: Map<number, number> | undefined) {
    if (leases) this.#leases.set(this.client, leases)
    else this.#leases.delete(this.client)
  }

  /** The numbers of all; this client's begin at {@link memoryAt}. */
  get memory(): Float64Array {
    return this.#memory
  }

  set memory(memory: undefined) {
    if (!memory) this.#memory.fill(0, this.memoryAt, this.memoryAt + this.#memorySize)
  }

  get memoryAt(): number {
    return this.client * this.#memorySize
  }

  clear(): void {
    this.state = 'closed'
    this.generation = this.openings = this.atMs = this.notBeforeMs = 0
    this.leases = this.memory = undefined
  }
}
