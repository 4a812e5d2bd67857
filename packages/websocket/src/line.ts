import type { PlatformSignal } from '@evenkeel/core/network'
import type { Carrier } from './carrier.ts'
import type { Comeback } from './comeback.ts'
import { Connection } from './connection.ts'
import type { Delivery } from './delivery.ts'
import type { DialGate } from './dial-gate.ts'
import type { Tell } from './events.ts'
import type { Heartbeat, Liveness } from './heartbeat.ts'
import type { WebSocketLike } from './inner-socket.ts'
import type { Loss } from './loss.ts'
import type { SocketData } from './outbound-queue.ts'
import { hold } from './referenced.ts'
import type { Rotation } from './rotation/rotation.ts'
import type { Session, SessionLine, Talk } from './session.ts'
import type { Settings } from './settings.ts'

/** What all connections of a socket share. */
export interface LineHost {
  readonly settings: Settings
  readonly tell: Tell
  readonly delivery: Delivery
  readonly comeback: Comeback
  readonly gate: DialGate | undefined
  readonly session: Session | undefined
  readonly rotation: Rotation | undefined
  readonly binaryType: string
  /** Whether its connections keep a Node process alive. */
  readonly isReferenced: boolean
  /** The smoothed round trip of the connection before. */
  lastRttMs: number | undefined
  /** The platform tells something, or it has shown. */
  hear(signal: PlatformSignal): void
}

/** Who answers for a connection: the machine for the one in use, a rotation for those that come and go beside it. */
export interface LineOwner {
  /** The socket underneath is open. */
  opened(line: Line): void
  /** Its session was accepted. */
  ready(line: Line): void
  /** It has ended. */
  ended(line: Line, loss: Loss): void
}

/** One connection with what runs on it: beats, and the talk of the session. */
export class Line implements SessionLine, Carrier {
  readonly connection: Connection
  owner: LineOwner
  /** When its session was accepted. */
  readyAtMs = NaN
  held: SocketData[] | undefined
  readonly #host: LineHost
  #talk: Talk | undefined
  #liveness: Liveness | undefined

  constructor(host: LineHost, owner: LineOwner) {
    this.#host = host
    this.owner = owner
    this.connection = new Connection(host.settings, this, host.session, host.gate)
  }

  get inner(): WebSocketLike {
    return this.connection.inner as WebSocketLike
  }

  get isSuccessor(): boolean {
    return this.owner === (this.#host.rotation as unknown)
  }

  get rttMs(): number | undefined {
    return this.#liveness?.rttMs ?? this.#host.lastRttMs
  }

  dial(facts: ReturnType<Comeback['dialFacts']>): void {
    const { session, binaryType } = this.#host
    this.connection.dial(facts, session?.binaryType ?? binaryType)
  }

  /** The socket underneath is open. */
  onOpen(): void {
    const { settings, session, binaryType, isReferenced } = this.#host
    this.inner.binaryType = session?.binaryType ?? binaryType
    if (!isReferenced) hold(this.inner, false)
    if (settings.heartbeat) this.beat(settings.heartbeat)
    this.owner.opened(this)
  }

  /** Begins to talk; without a session there is nothing to wait for. */
  begin(): void {
    if (this.connection.phase !== 'open' || this.connection.loss) return
    this.#talk = this.#host.session?.opened(this)
    if (!this.#talk) this.ready()
  }

  onMessage(data: unknown): void {
    const { rotation, tell } = this.#host
    if (rotation?.hasHeard(data)) this.heard()
    else if (this.#talk) this.#talk.received(data)
    else {
      this.heard()
      tell('message', { data })
    }
  }

  /** A ping or pong frame came in. */
  onFrame(): void {
    this.heard()
  }

  onEnd(loss: Loss): void {
    this.owner.ended(this, loss)
  }

  /** Stops what runs on it; tells of what it may have lost. */
  cut(loss: Loss): void {
    const isKnownSent = loss.wasClean && loss.phase === 'closing'
    this.quieten()
    this.#host.delivery.lost(this, isKnownSent)
    this.#talk?.ended(loss, isKnownSent)
  }

  beat(heartbeat: Heartbeat): void {
    const { settings } = this.#host
    const { rttMs } = this
    this.#liveness?.stop()
    this.#liveness = heartbeat.start(settings, this.inner, rttMs, (hasSlept) => {
      this.quieten()
      if (hasSlept) this.#host.hear('woke')
      this.connection.end('heartbeat')
    })
  }

  /** Beats no more. */
  quieten(): void {
    this.#host.lastRttMs = this.rttMs
    this.#liveness?.stop()
    this.#liveness = undefined
  }

  heard(): void {
    this.#liveness?.heard()
  }

  wake(): void {
    this.#liveness?.wake()
  }

  ready(): void {
    this.owner.ready(this)
  }

  relieve(code: number | undefined, then: () => void): void {
    if (this.isSuccessor) this.#host.rotation?.relieve(this, code, then)
    else then()
  }

  replace(code: number, reason: string): void {
    if (this.connection.phase === 'closing') return
    if (this.isSuccessor || !this.#host.rotation?.begin(this)) this.hangUp(code, reason)
  }

  hangUp(code: number, reason: string): void {
    this.connection.end('server', { code, reason })
  }
}
