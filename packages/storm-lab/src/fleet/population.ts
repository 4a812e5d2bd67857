import type { RandomStream } from '../random/random-stream.ts'
import type { UserClass } from '../scenario/scenario.ts'

/** Who makes the next call: users of each class in turn are that part of the clients, by number. */
export class Population {
  readonly clients: number
  readonly #ends: readonly number[]
  readonly #weights: readonly number[]

  constructor(clients: number, classes: readonly UserClass[]) {
    this.clients = clients
    let ratio = 0
    let weight = 0
    this.#ends = classes.map((each) => {
      ratio += each.ratio
      return Math.round(clients * ratio)
    })
    this.#weights = classes.map((each) => {
      weight += each.ratio * each.activity
      return weight
    })
  }

  /** The class of a client. */
  classOf(client: number): number {
    return this.#ends.findIndex((end) => client < end)
  }

  /** Draws a client, the more active ones more often. */
  draw(stream: RandomStream): number {
    const weights = this.#weights
    const last = weights.length - 1
    const drawn = stream.next() * (weights[last] as number)
    let which = 0
    while (which < last && drawn >= (weights[which] as number)) which++
    const from = which ? (this.#ends[which - 1] as number) : 0
    return from + stream.below(Math.max(1, (this.#ends[which] as number) - from))
  }
}
