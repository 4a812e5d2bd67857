import type { Release } from '@evenkeel/core'
import { Comeback } from './comeback.ts'
import type { StopReason } from './connect.ts'
import { Connection, type ConnectionHandlers } from './connection.ts'
import { Delivery } from './delivery.ts'
import type { DialGate } from './dial-gate.ts'
import type { SocketState, Tell } from './events.ts'
import type { Heartbeat } from './heartbeat.ts'
import type { WebSocketLike } from './inner-socket.ts'
import { Line } from './line.ts'
import { type Loss, nowhere } from './loss.ts'
import { notSent } from './not-sent.ts'
import type { SocketData } from './outbound-queue.ts'
import { ReconnectWait } from './reconnect-wait.ts'
import type { SendOptions, Settle } from './send-options.ts'
import type { Session, SessionHost } from './session.ts'
import type { Settings } from './settings.ts'

/** Keeps one connection up: dials, waits, dials again, until it is closed or must stop. */
export class Machine implements SessionHost {
  state: SocketState = 'connecting'
  binaryType: string
  readonly line = new Line()
  readonly delivery: Delivery
  readonly comeback: Comeback
  readonly tell: Tell
  readonly settings: Settings
  readonly #gate: DialGate | undefined
  readonly #wait: ReconnectWait
  readonly #session: Session | undefined
  #connection: Connection | undefined
  #wasOpen = false
  #dialsAgain = false
  #releases: Release[] = []

  /** Dials soon after, so that nothing is told before there are listeners; `tell` must not throw. */
  constructor(settings: Settings, binaryType: string, tell: Tell) {
    this.settings = settings
    this.binaryType = binaryType
    this.tell = tell
    this.#session = settings.session?.start(this)
    this.delivery = new Delivery(settings, tell, this.#session)
    this.#gate = settings.dials?.(settings.origin, settings.clock)
    this.comeback = new Comeback(settings, this.#gate)
    this.#wait = new ReconnectWait(settings, () => this.#dial())
    this.#start()
  }

  close(code?: number, reason?: string): void {
    const { state } = this
    if (state === 'closing' || state === 'closed') return
    if (state === 'open') this.delivery.finish()
    this.state = 'closing'
    this.#wait.stop()
    if (state === 'open') this.#connection?.close(code, reason)
    else if (this.#connection) this.#connection.end('user')
    else queueMicrotask(() => this.#finish(nowhere, 'closed'))
  }

  /** @throws `SOCKET_CLOSED`, `QUEUE_FULL`, and what the socket underneath throws */
  send(data: SocketData, options: SendOptions = {}, settle?: Settle): void {
    if (this.state === 'closing' || this.state === 'closed') throw notSent('closed')
    if (options.beforeReady) {
      this.delivery.sendNow(this.inner, data)
      settle?.resolve?.()
    } else this.delivery.send(data, options, settle)
  }

  /** Dials now, whatever it was doing; a socket that has ended begins anew. */
  reconnect(): void {
    if (this.settings.signal?.aborted || this.state === 'closing') return
    if (this.state === 'closed') {
      this.comeback.reset()
      this.state = 'connecting'
      this.#start()
    } else if (this.#connection) {
      this.#dialsAgain = true
      this.#connection.end('user')
    } else if (this.state === 'waiting') {
      this.#wait.stop()
      this.#dial()
    }
  }

  get inner(): WebSocketLike | undefined {
    return this.line.inner
  }

  ready(): void {
    const { inner } = this
    if (!inner || this.state !== 'open') return
    this.line.readyAtMs = this.settings.clock.now()
    this.delivery.ready(inner)
  }

  beat(heartbeat: Heartbeat): void {
    this.line.beat(heartbeat, this.settings, () => this.#connection?.end('heartbeat'))
  }

  hangUp(code: number, reason: string): void {
    this.#connection?.end('server', { code, reason })
  }

  #start(): void {
    const { signal, signals } = this.settings
    const close = (): void => this.close()
    signal?.addEventListener('abort', close)
    this.#releases = [
      signals.listen((each) => {
        if (each !== 'hidden') this.line.wake()
        this.#wait.tell(each)
      }),
      () => signal?.removeEventListener('abort', close),
    ]
    if (signal?.aborted) close()
    queueMicrotask(() => {
      if (this.state === 'connecting' && !this.#connection) this.#dial()
    })
  }

  #dial(): void {
    this.state = 'connecting'
    const facts = this.comeback.dialFacts()
    this.tell('dialStarted', { attempt: facts.attempt })
    if (this.state !== 'connecting') return
    const handlers: ConnectionHandlers = {
      onOpen: (inner) => this.#opened(inner),
      onMessage: (data) => this.#received(data),
      onFrame: () => this.line.heard(),
      onEnd: (loss) => this.#ended(loss),
    }
    const connection = new Connection(this.settings, handlers, this.#session, this.#gate)
    this.#connection = connection
    connection.dial(facts, this.#session?.binaryType ?? this.binaryType)
  }

  #opened(inner: WebSocketLike): void {
    const isReconnect = this.#wasOpen
    const { heartbeat } = this.settings
    this.#wasOpen = true
    this.state = 'open'
    this.line.inner = inner
    inner.binaryType = this.#session?.binaryType ?? this.binaryType
    if (heartbeat) this.beat(heartbeat)
    this.tell('opened', { isReconnect, protocol: inner.protocol })
    if (this.#session) this.#session.opened()
    else this.ready()
  }

  #received(data: unknown): void {
    if (this.#session) this.#session.received(data)
    else {
      this.line.heard()
      this.tell('message', { data })
    }
  }

  #ended(loss: Loss): void {
    const { clock, rules } = this.settings
    this.comeback.ended(loss, clock.now() - this.line.readyAtMs >= rules.minUptimeMs)
    this.line.cut()
    this.#connection = undefined
    const isKnownSent = loss.wasClean && loss.phase === 'closing'
    this.delivery.lost(isKnownSent)
    this.#session?.ended(loss, isKnownSent)
    if (this.state === 'closing') {
      if (loss.phase === 'closing') this.#finish(loss, 'closed')
      else queueMicrotask(() => this.#finish(loss, 'closed'))
      return
    }
    const dialsAgain = this.#dialsAgain
    this.#dialsAgain = false
    const decision = dialsAgain ? { delayMs: 0, isHeld: false } : this.comeback.decide(loss)
    if (decision.stop) {
      this.#finish(loss, decision.stop)
      return
    }
    this.state = 'waiting'
    this.tell('disconnected', { ...loss, failures: this.comeback.failures })
    // What was told may have closed it, or dialled.
    if (this.state !== 'waiting' || this.#connection) return
    if (dialsAgain) {
      this.#dial()
      return
    }
    this.#wait.start(decision)
    this.tell('reconnectScheduled', this.comeback.announce(decision))
  }

  #finish(loss: Loss, stop: StopReason): void {
    this.state = 'closed'
    for (const release of this.#releases) release()
    this.#wait.stop()
    this.delivery.finish()
    this.#session?.closed()
    this.tell('closed', { ...loss, stop })
  }
}
