import type { Timer } from '@evenkeel/core'
import { byteLength, snapshot } from './byte-length.ts'
import type { Tell } from './events.ts'
import type { WebSocketLike } from './inner-socket.ts'
import { notSent } from './not-sent.ts'
import { OutboundQueue, type Queued, type SocketData } from './outbound-queue.ts'
import type { SendOptions, Settle } from './send-options.ts'
import type { Session } from './session.ts'
import type { Settings } from './settings.ts'

/** How often a buffer is looked at while it is not empty: sockets do not say when it drains. */
const drainMs = 50

/** Gets messages out: through an open connection at once, else by the queue; reports what did not get through. */
export class Delivery {
  readonly #queue: OutboundQueue
  readonly #settings: Settings
  readonly #tell: Tell
  readonly #session: Session | undefined
  /** The connection, once it is ready. */
  #inner: WebSocketLike | undefined
  /** What a connection took but may still hold. */
  #held: SocketData[] = []
  #expiry: Timer | undefined
  #expiresAtMs = Infinity
  #drain: Timer | undefined

  constructor(settings: Settings, tell: Tell, session: Session | undefined) {
    this.#settings = settings
    this.#tell = tell
    this.#session = session
    this.#queue = new OutboundQueue(settings.queue, ({ data, reject }, outcome) => {
      reject?.(notSent(outcome))
      tell('undelivered', { data, outcome })
    })
  }

  get queuedMessages(): number {
    return this.#queue.size
  }

  get queuedBytes(): number {
    return this.#queue.bytes
  }

  /** Sends or queues. @throws `QUEUE_FULL` when the queue rejects it, and what the socket throws */
  send(data: SocketData, options: SendOptions = {}, settle?: Settle): void {
    const inner = this.#inner
    this.#session?.check(data)
    if (inner && this.#queue.size === 0 && this.#hasRoom(inner)) {
      this.#handOver(inner, data, settle)
      return
    }
    const { clock, queue } = this.#settings
    const {
      priority = 'important',
      coalesceKey,
      ttlMs = queue.ttlMs,
      sessionBound = false,
    } = options
    const expiresAtMs = clock.now() + ttlMs
    const message: Queued = {
      data: snapshot(data),
      bytes: byteLength(data),
      expiresAtMs,
      priority,
      coalesceKey,
      isBound: sessionBound,
      resolve: settle?.resolve,
      reject: settle?.reject,
    }
    if (!this.#queue.add(message)) throw notSent('overflow')
    if (expiresAtMs < this.#expiresAtMs) this.#scheduleExpiry(expiresAtMs)
    if (inner) this.#watch(inner)
  }

  /** Sends on this connection, ready or not. */
  sendNow(inner: WebSocketLike | undefined, data: SocketData): void {
    if (inner?.readyState !== 1) throw notSent('closed')
    inner.send(data as never)
    this.#hold(inner, data)
  }

  /** Room has come about for what waits. */
  flush(): void {
    if (this.#inner && this.#queue.size > 0) this.#flush(this.#inner)
  }

  /** The session is gone, and what waits for it goes with it. */
  dropBound(): void {
    this.#queue.dropBound()
  }

  /** A connection is ready for what waits. */
  ready(inner: WebSocketLike): void {
    this.#inner = inner
    this.#flush(inner)
  }

  /** The connection is gone; `isKnownSent` when it ended so that the peer has all. */
  lost(isKnownSent: boolean): void {
    this.#inner = undefined
    this.#drain?.cancel()
    this.#drain = undefined
    const held = this.#held
    this.#held = []
    if (!isKnownSent)
      for (const data of held) this.#tell('undelivered', { data, outcome: 'unknown' })
  }

  /** Hands over what it can, whatever the buffer holds, and drops the rest. */
  finish(): void {
    if (this.#inner) this.#flush(this.#inner, true)
    this.#inner = undefined
    this.#queue.clear()
    this.#scheduleExpiry(Infinity)
  }

  #hasRoom(inner: WebSocketLike): boolean {
    return (
      inner.readyState === 1 &&
      inner.bufferedAmount < this.#settings.queue.highWaterBytes &&
      this.#session?.hasRoom() !== false
    )
  }

  #handOver(inner: WebSocketLike, data: SocketData, settle: Settle | undefined): void {
    if (this.#session?.keeps) {
      this.#session.outgoing(data, settle)
      return
    }
    inner.send((this.#session?.outgoing(data, settle) ?? data) as never)
    settle?.resolve?.()
    this.#hold(inner, data)
  }

  #hold(inner: WebSocketLike, data: SocketData): void {
    if (inner.bufferedAmount > 0) {
      this.#held.push(data)
      this.#watch(inner)
    }
  }

  #flush(inner: WebSocketLike, isLast = false): void {
    const nowMs = this.#settings.clock.now()
    this.#queue.expire(nowMs)
    while (this.#queue.size > 0 && (isLast ? inner.readyState === 1 : this.#hasRoom(inner))) {
      const message = this.#queue.take() as Queued
      const { data } = message
      try {
        this.#handOver(inner, data, message)
      } catch (error) {
        message.reject?.(error)
        this.#tell('undelivered', { data, outcome: 'failed' })
      }
    }
    if (this.#queue.size > 0) this.#watch(inner)
  }

  #watch(inner: WebSocketLike): void {
    const { clock } = this.#settings
    this.#drain ??= clock.scheduleAt(clock.now() + drainMs, () => {
      this.#drain = undefined
      this.#prune(inner.bufferedAmount)
      if (this.#inner === inner) this.#flush(inner)
      if (this.#held.length > 0) this.#watch(inner)
    })
  }

  /** Keeps of what was handed over the tail that the buffer may hold; a string has no fewer bytes than units. */
  #prune(bufferedBytes: number): void {
    const held = this.#held
    let first = held.length
    for (let bytes = 0; first > 0 && bytes < bufferedBytes; first--) {
      const data = held[first - 1] as SocketData
      bytes += typeof data === 'string' ? data.length : byteLength(data)
    }
    held.splice(0, first)
  }

  #scheduleExpiry(atMs: number): void {
    this.#expiry?.cancel()
    this.#expiresAtMs = atMs
    if (atMs === Infinity) return
    this.#expiry = this.#settings.clock.scheduleAt(atMs, () => {
      this.#queue.expire(this.#settings.clock.now())
      this.#scheduleExpiry(this.#queue.expiresAtMs)
    })
  }
}
