import type { Circuit, CircuitState } from '@evenkeel/circuit-breaker'

const states: readonly CircuitState[] = ['closed', 'open', 'half-open', 'isolated']

type Memory = Float64Array | Uint32Array

/** The circuits of a fleet in columns, and a window on one of them at a time. */
export class FleetCircuit implements Circuit {
  /** Which circuit this is at the moment. */
  place = 0
  readonly #memorySize: number
  readonly #state: Uint8Array
  readonly #generation: Uint32Array
  readonly #openings: Uint32Array
  readonly #atMs: Float64Array
  readonly #notBeforeMs: Float64Array
  readonly #memory: Memory
  /** Few have any. */
  readonly #leases = new Map<number, Map<number, number>>()

  constructor(circuits: number, memorySize: number, Numbers: new (length: number) => Memory) {
    this.#memorySize = memorySize
    this.#state = new Uint8Array(circuits)
    this.#generation = new Uint32Array(circuits)
    this.#openings = new Uint32Array(circuits)
    this.#atMs = new Float64Array(circuits)
    this.#notBeforeMs = new Float64Array(circuits)
    this.#memory = new Numbers(circuits * memorySize)
  }

  get isSimplyClosed(): boolean {
    return this.#state[this.place] === 0 && this.#openings[this.place] === 0
  }

  get state(): CircuitState {
    return states[this.#state[this.place] as number] as CircuitState
  }

  set state(state: CircuitState) {
    this.#state[this.place] = states.indexOf(state)
  }

  get generation(): number {
    return this.#generation[this.place] as number
  }

  set generation(generation: number) {
    this.#generation[this.place] = generation
  }

  get openings(): number {
    return this.#openings[this.place] as number
  }

  set openings(openings: number) {
    this.#openings[this.place] = openings
  }

  get atMs(): number {
    return this.#atMs[this.place] as number
  }

  set atMs(atMs: number) {
    this.#atMs[this.place] = atMs
  }

  get notBeforeMs(): number {
    return this.#notBeforeMs[this.place] as number
  }

  set notBeforeMs(notBeforeMs: number) {
    this.#notBeforeMs[this.place] = notBeforeMs
  }

  get leases(): Map<number, number> | undefined {
    return this.#leases.size ? this.#leases.get(this.place) : undefined
  }

  set leases(leases: Map<number, number> | undefined) {
    if (leases) this.#leases.set(this.place, leases)
    else this.#leases.delete(this.place)
  }

  /** The numbers of all; this circuit's begin at {@link memoryAt}. */
  get memory(): Memory {
    return this.#memory
  }

  set memory(memory: undefined) {
    if (!memory) this.#memory.fill(0, this.memoryAt, this.memoryAt + this.#memorySize)
  }

  get memoryAt(): number {
    return this.place * this.#memorySize
  }

  clear(): void {
    this.state = 'closed'
    this.generation = this.openings = this.atMs = this.notBeforeMs = 0
    this.leases = this.memory = undefined
  }
}
