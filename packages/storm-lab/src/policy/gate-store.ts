import { Gate, type GateRules } from '@evenkeel/rate-limit'
import type { GateTicket } from './gates.ts'

/** Where the gates of a fleet are kept. A client's gate is good until another's is asked for. */
export interface GateStore {
  /** The gate of a client, if it has one. */
  of(client: number): Gate<GateTicket> | undefined
  /** The same, made now if it has none. */
  made(client: number): Gate<GateTicket>
  drop(client: number): void
}

/** A gate for each client that needs one, as gates with limits must be. */
export class GateObjects implements GateStore {
  readonly #rules: GateRules<GateTicket>
  readonly #gates: (Gate<GateTicket> | undefined)[]

  constructor(rules: GateRules<GateTicket>, clients: number) {
    this.#rules = rules
    this.#gates = new Array(clients).fill(undefined)
  }

  of(client: number): Gate<GateTicket> | undefined {
    return this.#gates[client]
  }

  made(client: number): Gate<GateTicket> {
    this.#gates[client] ??= new Gate('', this.#rules)
    return this.#gates[client]
  }

  drop(client: number): void {
    this.#gates[client] = undefined
  }
}

/** How many numbers a gate without limits is. */
const size = 8

/**
 * One gate that is each client's in turn: what it knows of the others is rows of numbers, and the queues of
 * those who have one.
 */
export class GateColumns implements GateStore {
  readonly #gate: Gate<GateTicket>
  readonly #isThere: Uint8Array
  readonly #numbers: Float64Array
  readonly #fresh: Float64Array
  readonly #queues: (GateTicket[] | undefined)[]
  /** Whose gate it is at the moment; -1 for nobody's. */
  #client = -1

  constructor(rules: GateRules<GateTicket>, clients: number) {
    this.#gate = new Gate('', rules)
    this.#isThere = new Uint8Array(clients)
    this.#numbers = new Float64Array(size * clients)
    this.#queues = new Array(clients).fill(undefined)
    this.#save(0)
    this.#fresh = this.#numbers.slice(0, size)
  }

  of(client: number): Gate<GateTicket> | undefined {
    if (!this.#isThere[client]) return undefined
    if (client !== this.#client) {
      if (this.#client >= 0) this.#save(this.#client)
      this.#load(client)
    }
    return this.#gate
  }

  made(client: number): Gate<GateTicket> {
    if (!this.#isThere[client]) {
      this.#isThere[client] = 1
      this.#numbers.set(this.#fresh, size * client)
    }
    return this.of(client) as Gate<GateTicket>
  }

  drop(client: number): void {
    this.#isThere[client] = 0
    this.#queues[client] = undefined
    if (client === this.#client) this.#client = -1
  }

  #save(client: number): void {
    const { cooldown, nextAtMs, isCalm, queue } = this.#gate
    const numbers = this.#numbers
    const at = size * client
    numbers[at] = cooldown.untilMs
    numbers[at + 1] = cooldown.rampMs
    numbers[at + 2] = cooldown.refusals
    numbers[at + 3] = cooldown.started
    numbers[at + 4] = cooldown.waitMs
    numbers[at + 5] = cooldown.chance
    numbers[at + 6] = nextAtMs
    numbers[at + 7] = +isCalm
    this.#queues[client] = queue.length ? queue : undefined
  }

  #load(client: number): void {
    const gate = this.#gate
    const { cooldown } = gate
    const numbers = this.#numbers
    const at = size * client
    cooldown.untilMs = numbers[at] as number
    cooldown.rampMs = numbers[at + 1] as number
    cooldown.refusals = numbers[at + 2] as number
    cooldown.started = numbers[at + 3] as number
    cooldown.waitMs = numbers[at + 4] as number
    cooldown.chance = numbers[at + 5] as number
    gate.nextAtMs = numbers[at + 6] as number
    gate.isCalm = numbers[at + 7] === 1
    gate.queue = this.#queues[client] ?? []
    this.#client = client
  }
}
