import type { Timer } from '@evenkeel/core'
import type { HeartbeatOptions, HeartHost, Liveness } from './heartbeat.ts'
import type { WebSocketLike } from './inner-socket.ts'
import { heard, look, newPulse, type Pulse, type PulseRules, wake } from './pulse.ts'

type Beat = PulseRules & Pick<HeartbeatOptions, 'message'>

/** Beats on one open connection, and says when it is dead. */
export class BeatingHeart implements Liveness {
  readonly #host: HeartHost
  readonly #rules: Beat
  readonly #inner: WebSocketLike
  readonly #onDead: (hasSlept: boolean) => void
  readonly #pulse: Pulse
  #timer: Timer | undefined

  constructor(
    host: HeartHost,
    rules: Beat,
    inner: WebSocketLike,
    rttMs: number | undefined,
    onDead: (hasSlept: boolean) => void,
  ) {
    const { clock, random } = host
    this.#host = host
    this.#rules = rules
    this.#inner = inner
    this.#onDead = onDead
    this.#pulse = newPulse(rttMs, this.#now, clock.now(), random)
    this.#schedule()
  }

  get rttMs(): number | undefined {
    return this.#pulse.rttMs
  }

  /** The rules as they are on the network of now. */
  get #now(): PulseRules {
    const factor = this.#host.intervalFactor?.() ?? 1
    const rules = this.#rules
    return factor === 1 ? rules : { ...rules, intervalMs: factor * rules.intervalMs }
  }

  heard(): void {
    const { dueAtMs, beatAtMs } = this.#pulse
    // Of a message that answers no beat, nobody need know how the network is.
    const rules = Number.isNaN(beatAtMs) ? this.#rules : this.#now
    heard(this.#pulse, rules, this.#host.clock.now())
    // An answer may have had longer than the next beat has.
    if (this.#pulse.dueAtMs < dueAtMs) this.#schedule()
  }

  /** The page or machine woke, or the network changed. */
  wake(): void {
    if (wake(this.#pulse, this.#now, this.#host.clock.now()) === 'beat') this.#beat()
  }

  stop(): void {
    this.#timer?.cancel()
  }

  #schedule(): void {
    this.#timer?.cancel()
    this.#timer = this.#host.clock.scheduleAt(this.#pulse.dueAtMs, () => {
      const action = look(this.#pulse, this.#now, this.#host.clock.now())
      if (action === 'dead') this.#onDead(this.#pulse.hasSlept)
      else if (action === 'beat') this.#beat()
      else this.#schedule()
    })
  }

  #beat(): void {
    this.#schedule()
    const { message } = this.#rules
    try {
      if (message === undefined) this.#inner.ping?.()
      else this.#inner.send((typeof message === 'function' ? message() : message) as never)
    } catch {
      // What a beat can't be written to gives no answer to it either.
    }
  }
}
