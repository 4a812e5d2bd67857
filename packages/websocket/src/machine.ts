import { notify, onAbort, type Release } from '@evenkeel/core'
import { Comeback } from './comeback.ts'
import type { StopReason } from './connect.ts'
import type { Connection } from './connection.ts'
import { Delivery } from './delivery.ts'
import { Dialer } from './dialer.ts'
import type { SocketState, Tell } from './events.ts'
import { Heart } from './heart.ts'
import type { WebSocketLike } from './inner-socket.ts'
import { type Loss, nowhere } from './loss.ts'
import { notSent } from './not-sent.ts'
import type { SocketData } from './outbound-queue.ts'
import { ReconnectWait } from './reconnect-wait.ts'
import type { SendOptions, Settle } from './send-options.ts'
import type { Session } from './session.ts'
import { sessionLink } from './session-link.ts'
import type { Settings } from './settings.ts'

/** Keeps one connection up: dials, waits, dials again, until it is closed or must stop. */
export class Machine {
  state: SocketState = 'connecting'
  binaryType: string
  /** The open connection's socket. */
  inner: WebSocketLike | undefined
  readonly delivery: Delivery
  readonly comeback: Comeback
  readonly heart: Heart
  readonly #settings: Settings
  readonly #tell: Tell
  readonly #dialer: Dialer
  readonly #wait: ReconnectWait
  readonly #session: Session | undefined
  #connection: Connection | undefined
  #readyAtMs = NaN
  #wasOpen = false
  #dialsAgain = false
  #releases: Release[] = []

  /** Dials soon after, so that nothing is told before there are listeners; `tell` must not throw. */
  constructor(settings: Settings, binaryType: string, tell: Tell) {
    this.#settings = settings
    this.binaryType = binaryType
    this.#tell = tell
    this.delivery = new Delivery(settings, tell, () => this.#session)
    this.#dialer = new Dialer(settings)
    this.comeback = new Comeback(settings, this.#dialer)
    this.heart = new Heart(settings, () => this.#connection?.end('heartbeat'))
    this.#wait = new ReconnectWait(settings, () => this.#dial())
    this.#session = settings.session?.start(sessionLink(this, settings, tell))
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
    if (this.#settings.signal?.aborted || this.state === 'closing') return
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

  /** Ends the connection as if the server had closed it. */
  hangUp(code: number, reason: string): void {
    this.#connection?.end('server', { code, reason })
  }

  #start(): void {
    const { signal, signals } = this.#settings
    this.#releases = [
      signals.listen((each) => {
        if (each !== 'hidden') this.heart.wake()
        this.#wait.tell(each)
      }),
      onAbort(signal, () => this.close()),
    ]
    queueMicrotask(() => {
      if (this.state === 'connecting' && !this.#connection) this.#dial()
    })
  }

  #dial(): void {
    this.state = 'connecting'
    const facts = this.comeback.dialFacts()
    this.#tell('dialStarted', { attempt: facts.attempt })
    if (this.state !== 'connecting') return
    const handlers = {
      onOpen: (inner: WebSocketLike) => this.#opened(inner),
      onMessage: (data: unknown) => this.#received(data),
      onFrame: () => this.heart.heard(),
      onEnd: (loss: Loss) => this.#ended(loss),
    }
    const binaryType = this.#session?.binaryType ?? this.binaryType
    this.#dialer.dial(facts, binaryType, handlers, this.#session, (connection) => {
      this.#connection = connection
    })
  }

  #opened(inner: WebSocketLike): void {
    const isReconnect = this.#wasOpen
    const { pulse, isReady } = this.#settings
    this.#wasOpen = true
    this.state = 'open'
    this.inner = inner
    inner.binaryType = this.#session?.binaryType ?? this.binaryType
    if (pulse) this.heart.start(inner, pulse)
    this.#tell('opened', { isReconnect, protocol: inner.protocol })
    if (this.#session) this.#session.opened()
    else if (!isReady) this.ready(inner)
  }

  #received(data: unknown): void {
    if (this.#session) {
      this.#session.received(data)
      return
    }
    this.heart.heard()
    this.#tell('message', { data })
    const { inner } = this
    const { isReady } = this.#settings
    if (!(isReady && inner && Number.isNaN(this.#readyAtMs))) return
    notify((message) => isReady(message) && this.ready(inner), { data })
  }

  /** The session is accepted. */
  ready(inner: WebSocketLike): void {
    if (this.inner !== inner || this.state !== 'open') return
    this.#readyAtMs = this.#settings.clock.now()
    this.delivery.ready(inner)
  }

  #ended(loss: Loss): void {
    const { clock, minUptimeMs } = this.#settings
    this.comeback.ended(loss, clock.now() - this.#readyAtMs >= minUptimeMs)
    this.#readyAtMs = NaN
    this.heart.stop()
    this.#connection = this.inner = undefined
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
    this.#tell('disconnected', { ...loss, failures: this.comeback.failures })
    // What was told may have closed it, or dialled.
    if (this.state !== 'waiting' || this.#connection) return
    if (dialsAgain) {
      this.#dial()
      return
    }
    this.#wait.start(decision)
    this.#tell('reconnectScheduled', this.comeback.announce(decision))
  }

  #finish(loss: Loss, stop: StopReason): void {
    this.state = 'closed'
    for (const release of this.#releases) release()
    this.#wait.stop()
    this.delivery.finish()
    this.#session?.closed()
    this.#tell('closed', { ...loss, stop })
  }
}
