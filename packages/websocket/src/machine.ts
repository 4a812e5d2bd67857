import type { PlatformSignal } from '@evenkeel/core/network'
import { Referenced } from '#platform'
import type { Advice } from './advice.ts'
import { Comeback } from './comeback.ts'
import type { StopReason } from './connect.ts'
import { Delivery } from './delivery.ts'
import type { DialGate } from './dial-gate.ts'
import type { Tell } from './events.ts'
import type { WebSocketLike } from './inner-socket.ts'
import { Line } from './line.ts'
import type { LineHost, LineOwner } from './line-host.ts'
import { type Loss, nowhere } from './loss.ts'
import type { SocketData } from './outbound-queue.ts'
import type { SendOptions, Settle } from './send-options.ts'
import type { Session, SessionRotation } from './session.ts'
import type { Settings } from './settings.ts'
import { listenAround } from './surroundings.ts'

/** Keeps one connection up: dials, waits, dials again, until it is closed or must stop. */
export class Machine extends Referenced implements LineHost, LineOwner {
  binaryType: string
  lastRttMs: number | undefined
  readonly delivery: Delivery
  comeback!: Comeback
  tell: Tell
  readonly gate: DialGate | undefined
  readonly session: Session | undefined
  declare readonly rotation?: SessionRotation
  /** The connection in use, or being made. */
  protected line: Line | undefined
  #wasOpen = false
  #dialsAgain = false
  #release: ReturnType<typeof listenAround> | undefined

  /** Dials soon after, so that nothing is told before there are listeners; `tell` must not throw. */
  constructor(settings: Settings, binaryType: string, tell: Tell) {
    super(settings)
    this.binaryType = binaryType
    this.tell = tell
    this.gate = settings.dials?.(settings.fixedUrl, settings.clock)
    this.session = settings.session?.start(this)
    this.delivery = new Delivery(settings, tell, this.session)
    this.#start()
  }

  /** The socket underneath, of the connection that opened last. */
  get inner(): WebSocketLike | undefined {
    return this.newest?.inner
  }

  get rttMs(): number | undefined {
    return this.line?.rttMs ?? this.lastRttMs
  }

  close(code?: number, reason?: string): void {
    const { state } = this
    if (state === 'closing' || state === 'closed') return
    if (state === 'open') this.delivery.finish()
    this.state = 'closing'
    this.comeback.stop()
    const line = this.line
    if (state === 'open') line?.close(code, reason)
    else if (line) line.end('user')
    else queueMicrotask(() => this.finish(nowhere, 'closed'))
  }

  /** Sends, while it is not closed. @throws `SOCKET_CLOSED`, `QUEUE_FULL`, and what the socket underneath throws */
  send(data: SocketData, options: SendOptions = {}, settle?: Settle): void {
    if (options.beforeReady) {
      this.delivery.sendNow(this.newest, data)
      settle?.()
    } else this.delivery.send(data, options, settle)
  }

  /** Dials now, whatever it was doing; a socket that has ended begins anew. */
  reconnect(): void {
    if (this.settings.signal?.aborted || this.state === 'closing') return
    if (this.state === 'closed') {
      this.#start()
    } else if (this.line) {
      this.#dialsAgain = true
      this.line.end('user')
    } else if (this.state === 'waiting') {
      this.comeback.stop()
      this.dial()
    }
  }

  advise(advice: Advice): void {
    this.comeback.advise(advice)
  }

  hear(signal: PlatformSignal): void {
    if (signal !== 'hidden') this.line?.wake()
    this.comeback.tell(signal)
  }

  opened(line: Line): void {
    const isReconnect = this.#wasOpen
    this.#wasOpen = true
    this.state = 'open'
    this.tell('opened', { isReconnect, protocol: line.inner.protocol })
    line.begin()
  }

  ready(line: Line): void {
    if (this.state !== 'open') return
    line.readyAtMs = this.settings.clock.now()
    this.delivery.ready(line)
  }

  ended(line: Line, loss: Loss): void {
    this.comeback.ended(loss, line.readyAtMs)
    this.line = undefined
    line.cut(loss)
    if (this.state === 'closing') {
      if (loss.phase === 'closing') this.finish(loss, 'closed')
      else queueMicrotask(() => this.finish(loss, 'closed'))
      return
    }
    this.comeBack(loss, line)
  }

  /** Decides what follows the loss of a connection. */
  protected comeBack(loss: Loss, _lost: Line): void {
    const { comeback } = this
    const decision = this.#dialsAgain ? undefined : comeback.decide(loss)
    this.#dialsAgain = false
    if (decision?.stop) {
      this.finish(loss, decision.stop)
      return
    }
    this.state = 'waiting'
    this.tell('disconnected', { ...loss, failures: comeback.failures })
    // What was told may have closed it, or dialled.
    if (this.state !== 'waiting' || this.line) return
    if (decision) this.tell('reconnectScheduled', comeback.wait(decision, loss))
    else this.dial()
  }

  /** The connection that opened last. */
  protected get newest(): Line | undefined {
    return this.line?.phase === 'connecting' ? undefined : this.line
  }

  #start(): void {
    this.state = 'connecting'
    this.comeback = new Comeback(this)
    this.#release = listenAround(this)
    queueMicrotask(() => {
      if (this.state === 'connecting' && !this.line) this.dial()
    })
  }

  dial(): void {
    this.state = 'connecting'
    const facts = this.comeback.dialFacts()
    this.tell('dialStarted', { attempt: facts.attempt })
    if (this.state !== 'connecting') return
    this.line = new Line(this, this)
    this.line.dial(facts)
  }

  protected finish(loss: Loss, stop: StopReason): void {
    this.state = 'closed'
    this.#release?.()
    this.comeback.stop()
    this.delivery.finish()
    this.session?.closed()
    this.tell('closed', { ...loss, stop })
  }
}

/** Keeps one connection up, by the machine of `rotation` where that is given. */
export function startMachine(settings: Settings, binaryType: string, tell: Tell): Machine {
  return settings.rotation
    ? (settings.rotation.start as typeof startMachine)(settings, binaryType, tell)
    : new Machine(settings, binaryType, tell)
}
