import { notify, onAbort, type Release } from '@evenkeel/core'
import { Comeback } from './comeback.ts'
import type { StopReason } from './connect.ts'
import type { Connection } from './connection.ts'
import { Delivery, notSent, type SendOptions, type Settle } from './delivery.ts'
import { Dialer } from './dialer.ts'
import type { Tell } from './events.ts'
import type { WebSocketLike } from './inner-socket.ts'
import { Liveness } from './liveness.ts'
import { type Loss, nowhere } from './loss.ts'
import type { SocketData } from './outbound-queue.ts'
import type { PlatformSignal } from './platform-signals.ts'
import { ReconnectWait } from './reconnect-wait.ts'
import type { Settings } from './settings.ts'

/** What a socket is doing; `waiting` is between two dials. */
export type SocketState = 'connecting' | 'waiting' | 'open' | 'closing' | 'closed'

/** Keeps one connection up: dials, waits, dials again, until it is closed or must stop. */
export class Machine {
  state: SocketState = 'connecting'
  binaryType: string
  /** The open connection's socket. */
  inner: WebSocketLike | undefined
  readonly delivery: Delivery
  readonly comeback: Comeback
  readonly #settings: Settings
  readonly #tell: Tell
  readonly #dialer: Dialer
  readonly #wait: ReconnectWait
  #connection: Connection | undefined
  #liveness: Liveness | undefined
  #rttMs: number | undefined
  #readyAtMs = NaN
  #wasOpen = false
  #dialsAgain = false
  #releases: Release[] = []

  /** Dials soon after, so that nothing is told before there are listeners; `tell` must not throw. */
  constructor(settings: Settings, binaryType: string, tell: Tell) {
    this.#settings = settings
    this.binaryType = binaryType
    this.#tell = tell
    this.delivery = new Delivery(settings, tell)
    this.#dialer = new Dialer(settings)
    this.comeback = new Comeback(settings, this.#dialer)
    this.#wait = new ReconnectWait(settings, () => this.#dial())
    this.#start()
  }

  /** The smoothed round trip, once a beat has measured one. */
  get rttMs(): number | undefined {
    return this.#liveness?.rttMs ?? this.#rttMs
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

  #start(): void {
    const { signal, signals } = this.#settings
    this.#releases = [
      signals.listen((each) => this.#hear(each)),
      onAbort(signal, () => this.close()),
    ]
    queueMicrotask(() => {
      if (this.state === 'connecting' && !this.#connection) this.#dial()
    })
  }

  #hear(signal: PlatformSignal): void {
    if (signal !== 'hidden') this.#liveness?.wake()
    this.#wait.tell(signal)
  }

  #dial(): void {
    this.state = 'connecting'
    const facts = this.comeback.dialFacts()
    this.#tell('dialStarted', { attempt: facts.attempt })
    if (this.state !== 'connecting') return
    const handlers = {
      onOpen: (inner: WebSocketLike) => this.#opened(inner),
      onMessage: (data: unknown) => this.#received(data),
      onFrame: () => this.#liveness?.heard(),
      onEnd: (loss: Loss) => this.#ended(loss),
    }
    this.#dialer.dial(facts, this.binaryType, handlers, (connection) => {
      this.#connection = connection
    })
  }

  #opened(inner: WebSocketLike): void {
    const isReconnect = this.#wasOpen
    const { pulse, isReady } = this.#settings
    this.#wasOpen = true
    this.state = 'open'
    this.inner = inner
    inner.binaryType = this.binaryType
    if (pulse)
      this.#liveness = new Liveness(this.#settings, pulse, this.#rttMs, inner, () =>
        this.#connection?.end('heartbeat'),
      )
    this.#tell('opened', { isReconnect, protocol: inner.protocol })
    if (!isReady) this.#ready(inner)
  }

  #received(data: unknown): void {
    this.#liveness?.heard()
    this.#tell('message', { data })
    const { inner } = this
    const { isReady } = this.#settings
    if (!(isReady && inner && Number.isNaN(this.#readyAtMs))) return
    notify((message) => isReady(message) && this.#ready(inner), { data })
  }

  /** The session is accepted. */
  #ready(inner: WebSocketLike): void {
    if (this.inner !== inner || this.state !== 'open') return
    this.#readyAtMs = this.#settings.clock.now()
    this.delivery.ready(inner)
  }

  #ended(loss: Loss): void {
    const { clock, minUptimeMs } = this.#settings
    this.comeback.ended(loss, clock.now() - this.#readyAtMs >= minUptimeMs)
    this.#readyAtMs = NaN
    this.#rttMs = this.rttMs
    this.#liveness?.stop()
    this.#liveness = this.#connection = this.inner = undefined
    this.delivery.lost(loss.wasClean && loss.phase === 'closing')
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
    const { failures } = this.comeback
    this.#tell('disconnected', { ...loss, failures })
    // What was told may have closed it, or dialled.
    if (this.state !== 'waiting' || this.#connection) return
    if (dialsAgain) {
      this.#dial()
      return
    }
    const { delayMs } = decision
    const retryAt = new Date(clock.wallNow() + delayMs)
    this.#wait.start(decision)
    this.#tell('reconnectScheduled', { attempt: failures + 1, delayMs, retryAt })
  }

  #finish(loss: Loss, stop: StopReason): void {
    this.state = 'closed'
    for (const release of this.#releases) release()
    this.#wait.stop()
    this.delivery.finish()
    this.#tell('closed', { ...loss, stop })
  }
}
