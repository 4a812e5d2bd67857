import type { WebSocketLike } from './inner-socket.ts'
import { type Beat, Liveness } from './liveness.ts'
import type { Settings } from './settings.ts'

/** Beats on one connection after another, and remembers the round trip between them. */
export class Heart {
  readonly #settings: Settings
  readonly #onDead: () => void
  #liveness: Liveness | undefined
  #rttMs: number | undefined

  constructor(settings: Settings, onDead: () => void) {
    this.#settings = settings
    this.#onDead = onDead
  }

  /** The smoothed round trip, once a beat has measured one. */
  get rttMs(): number | undefined {
    return this.#liveness?.rttMs ?? this.#rttMs
  }

  start(inner: WebSocketLike, beat: Beat): void {
    this.stop()
    this.#liveness = new Liveness(this.#settings, beat, this.#rttMs, inner, this.#onDead)
  }

  stop(): void {
    this.#rttMs = this.rttMs
    this.#liveness?.stop()
    this.#liveness = undefined
  }

  heard(): void {
    this.#liveness?.heard()
  }

  wake(): void {
    this.#liveness?.wake()
  }
}
