import type { Client } from '../scenario/population.ts'
import { scaledClock } from '../scenario/scaled-clock.ts'
import type { SocketWatch, World } from '../worlds/world.ts'

export interface FleetSocketsOptions {
  readonly world: World
  readonly clients: readonly Client[]
  readonly url: string
  readonly timeScale: number
  /** In ms of the scenario. */
  readonly dialTimeoutMs: number
  /** Milliseconds of the scenario since its start; negative before. */
  readonly now: () => number
}

/** The users' connections to the Gateway, counted. */
export class FleetSockets {
  /** When each dial began, in ms of the scenario; those before its start are not among them. */
  readonly dialsAtMs: number[] = []
  /** How many are connected, from each instant on. */
  readonly connectedFrom: (readonly [atMs: number, connected: number])[] = []
  #connected = 0
  readonly #options: FleetSocketsOptions
  readonly #clock

  constructor(options: FleetSocketsOptions) {
    this.#options = options
    this.#clock = scaledClock(options.timeScale)
  }

  get connected(): number {
    return this.#connected
  }

  /** Connects everybody, and resolves when all are. */
  async open(): Promise<void> {
    await Promise.all(this.#options.clients.map((client) => this.#keep(client)))
  }

  #keep({ id }: Client): Promise<void> {
    const { world, url, timeScale, dialTimeoutMs } = this.#options
    return new Promise((resolve) => {
      const keeping = world.keepSocket({
        url,
        token: id,
        timeScale,
        clock: this.#clock,
        dialTimeoutMs: dialTimeoutMs / timeScale,
        watch: this.#watch(resolve),
      })
      // Who has given up stays without.
      keeping.catch(() => {})
    })
  }

  #watch(onReady: () => void): SocketWatch {
    let isReady = false
    const change = (to: boolean) => {
      if (isReady === to) return
      isReady = to
      this.#connected += to ? 1 : -1
      const atMs = this.#options.now()
      if (atMs >= 0) this.connectedFrom.push([Math.round(atMs), this.#connected])
    }
    return {
      dialled: () => {
        const atMs = this.#options.now()
        if (atMs >= 0) this.dialsAtMs.push(Math.round(atMs))
      },
      ready: () => {
        change(true)
        onReady()
      },
      lost: () => change(false),
    }
  }
}
