import type { Circuit, CircuitState } from '@evenkeel/circuit-breaker'

const states: readonly CircuitState[] = ['closed', 'open', 'half-open', 'isolated']

type Memory = Float64Array | Uint32Array

/** What lies before a circuit's memory, in bytes: two instants, three counts, and a place left over. */
const headBytes = 32

/**
 * The circuits of a fleet, and a window on one of them at a time.
 *
 * All numbers of a circuit lie side by side: of so many, each is far from the last, and reaching it is what costs.
 */
export class FleetCircuit implements Circuit {
  readonly #memorySize: number
  readonly #rowBytes: number
  readonly #instants: Float64Array
  readonly #counts: Uint32Array
  readonly #memory: Memory
  #place = 0
  #instantsAt = 0
  #countsAt = 0
  #memoryAt = 0
  /** Few have any. */
  readonly #leases = new Map<number, Map<number, number>>()

  constructor(
    circuits: number,
    memorySize: number,
    Numbers: Float64ArrayConstructor | Uint32ArrayConstructor,
  ) {
    this.#memorySize = memorySize
    this.#rowBytes = headBytes + 8 * Math.ceil((memorySize * Numbers.BYTES_PER_ELEMENT) / 8)
    const rows = new ArrayBuffer(circuits * this.#rowBytes)
    this.#instants = new Float64Array(rows)
    this.#counts = new Uint32Array(rows)
    this.#memory = new Numbers(rows)
    this.place = 0
  }

  /** Which circuit this is at the moment. */
  get place(): number {
    return this.#place
  }

  set place(place: number) {
    const at = place * this.#rowBytes
    this.#place = place
    this.#instantsAt = at / 8
    this.#countsAt = at / 4 + 4
    this.#memoryAt = (at + headBytes) / this.#memory.BYTES_PER_ELEMENT
  }

  get isSimplyClosed(): boolean {
    return this.#counts[this.#countsAt] === 0 && this.#counts[this.#countsAt + 2] === 0
  }

  get state(): CircuitState {
    return states[this.#counts[this.#countsAt] as number] as CircuitState
  }

  set state(state: CircuitState) {
    this.#counts[this.#countsAt] = states.indexOf(state)
  }

  get generation(): number {
    return this.#counts[this.#countsAt + 1] as number
  }

  set generation(generation: number) {
    this.#counts[this.#countsAt + 1] = generation
  }

  get openings(): number {
    return this.#counts[this.#countsAt + 2] as number
  }

  set openings(openings: number) {
    this.#counts[this.#countsAt + 2] = openings
  }

  get atMs(): number {
    return this.#instants[this.#instantsAt] as number
  }

  set atMs(atMs: number) {
    this.#instants[this.#instantsAt] = atMs
  }

  get notBeforeMs(): number {
    return this.#instants[this.#instantsAt + 1] as number
  }

  set notBeforeMs(notBeforeMs: number) {
    this.#instants[this.#instantsAt + 1] = notBeforeMs
  }

  get leases(): Map<number, number> | undefined {
    return this.#leases.size ? this.#leases.get(this.#place) : undefined
  }

  set leases(leases: Map<number, number> | undefined) {
    if (leases) this.#leases.set(this.#place, leases)
    else this.#leases.delete(this.#place)
  }

  /** The numbers of all; this circuit's begin at {@link memoryAt}. */
  get memory(): Memory {
    return this.#memory
  }

  set memory(memory: undefined) {
    if (!memory) this.#memory.fill(0, this.#memoryAt, this.#memoryAt + this.#memorySize)
  }

  get memoryAt(): number {
    return this.#memoryAt
  }

  clear(): void {
    this.state = 'closed'
    this.generation = this.openings = this.atMs = this.notBeforeMs = 0
    this.leases = this.memory = undefined
  }
}
