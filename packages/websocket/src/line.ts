import type { Heartbeat, HeartHost, Liveness } from './heartbeat.ts'
import type { WebSocketLike } from './inner-socket.ts'

/** What is known of the open connection, and of the round trip from one to the next. */
export class Line {
  inner: WebSocketLike | undefined
  /** When its session was accepted. */
  readyAtMs = NaN
  #liveness: Liveness | undefined
  #rttMs: number | undefined

  /** The smoothed round trip, once a beat has measured one. */
  get rttMs(): number | undefined {
    return this.#liveness?.rttMs ?? this.#rttMs
  }

  beat(heartbeat: Heartbeat, host: HeartHost, onDead: () => void): void {
    const { inner, rttMs } = this
    this.#liveness?.stop()
    this.#liveness = inner && heartbeat.start(host, inner, rttMs, onDead)
  }

  heard(): void {
    this.#liveness?.heard()
  }

  wake(): void {
    this.#liveness?.wake()
  }

  cut(): void {
    this.#rttMs = this.rttMs
    this.#liveness?.stop()
    this.#liveness = this.inner = undefined
    this.readyAtMs = NaN
  }
}
