import { onAbort, type Release, reasonOf } from '@evenkeel/core'

interface Passenger<V> {
  readonly resolve: (value: V) => void
  readonly reject: (reason: unknown) => void
  readonly signal: AbortSignal | undefined
  unlink: Release | undefined
}

interface Flight<V> {
  readonly passengers: Passenger<V>[]
  readonly controller: AbortController
}

/** Calls under way, by id: who asks for what is already asked for waits for the same answer. */
export class Flights<V> {
  readonly #byId = new Map<unknown, Flight<V>>()
  readonly #deal: (value: V, signals: readonly (AbortSignal | undefined)[]) => readonly V[]

  /** `deal` makes a value of their own for each of the callers. */
  constructor(deal: (value: V, signals: readonly (AbortSignal | undefined)[]) => readonly V[]) {
    this.#deal = deal
  }

  /** How many calls are under way. */
  get size(): number {
    return this.#byId.size
  }

  /** Waits for the call of that id, which `start` begins if there is none; leaves at once on abort. */
  join(
    id: unknown,
    start: (signal: AbortSignal) => PromiseLike<V>,
    signal: AbortSignal | undefined,
  ): Promise<V> {
    if (signal?.aborted) return Promise.reject(reasonOf(signal))
    return new Promise((resolve, reject) => {
      const passenger: Passenger<V> = { resolve, reject, signal, unlink: undefined }
      const under = this.#byId.get(id)
      const flight = under ?? { passengers: [], controller: new AbortController() }
      flight.passengers.push(passenger)
      if (signal)
        passenger.unlink = onAbort(signal, (reason) => this.#leave(id, flight, passenger, reason))
      if (!under) this.#start(id, flight, start)
    })
  }

  #start(id: unknown, flight: Flight<V>, start: (signal: AbortSignal) => PromiseLike<V>): void {
    const { passengers, controller } = flight
    this.#byId.set(id, flight)
    const land = (tell: () => void): void => {
      this.#forget(id, flight)
      for (const { unlink } of passengers) unlink?.()
      tell()
    }
    const call = async (): Promise<V> => start(controller.signal)
    call().then(
      (value) =>
        land(() => {
          // A caller that left may have been the last.
          const values = this.#deal(
            value,
            passengers.map(({ signal }) => signal),
          )
          for (const [seat, { resolve }] of passengers.entries()) resolve(values[seat] as V)
        }),
      (error) =>
        land(() => {
          for (const { reject } of passengers) reject(error)
        }),
    )
  }

  #leave(id: unknown, flight: Flight<V>, passenger: Passenger<V>, reason: unknown): void {
    const { passengers, controller } = flight
    passenger.unlink?.()
    passengers.splice(passengers.indexOf(passenger), 1)
    passenger.reject(reason)
    if (passengers.length) return
    this.#forget(id, flight)
    controller.abort(reason)
  }

  #forget(id: unknown, flight: Flight<V>): void {
    if (this.#byId.get(id) === flight) this.#byId.delete(id)
  }
}
