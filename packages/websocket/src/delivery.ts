import type { Timer } from '@evenkeel/core'
import { byteLength, snapshot } from './byte-length.ts'
import { type Carrier, prune } from './carrier.ts'
import type { Tell } from './events.ts'
import type { WebSocketLike } from './inner-socket.ts'
import { queueFull, socketClosed } from './not-sent.ts'
import { OutboundQueue, type Queued, type SocketData } from './outbound-queue.ts'
import type { SendOptions, Settle } from './send-options.ts'
import type { Session } from './session.ts'
import type { Settings } from './settings.ts'

/** How often a buffer is looked at while it is not empty: sockets do not say when it drains. */
const drainMs = 50

/** Gets messages out: through an open connection at once, else by the queue; reports what did not get through. */
export class Delivery {
  /** What waits, while something does. */
  #queue: OutboundQueue | undefined
  readonly #settings: Settings
  readonly #tell: Tell
  readonly #session: Session | undefined
  /** The connection, once it is ready. */
  #line: Carrier | undefined
  #expiry: Timer | undefined
  #expiresAtMs = Infinity
  #drain: Timer | undefined

  constructor(settings: Settings, tell: Tell, session: Session | undefined) {
    this.#settings = settings
    this.#tell = tell
    this.#session = session
  }

  get queuedMessages(): number {
    return this.#queue?.size ?? 0
  }

  get queuedBytes(): number {
    return this.#queue?.bytes ?? 0
  }

  /** Sends or queues. @throws `QUEUE_FULL` when the queue rejects it, and what the socket throws */
  send(data: SocketData, options: SendOptions = {}, settle?: Settle): void {
    const line = this.#line
    this.#session?.check(data)
    if (line && this.queuedMessages === 0 && this.#hasRoom(line.inner)) {
      this.#handOver(line, data, settle)
      return
    }
    const { clock, ttlMs: standardTtlMs } = this.#settings
    const {
      priority = 'important',
      coalesceKey,
      ttlMs = standardTtlMs,
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
      settle,
    }
    this.#queue ??= new OutboundQueue(this.#settings, ({ data, settle }, outcome) => {
      settle?.(outcome)
      this.#tell('undelivered', { data, outcome })
    })
    if (!this.#queue.add(message)) throw queueFull()
    if (expiresAtMs < this.#expiresAtMs) this.#scheduleExpiry(expiresAtMs)
    if (line) this.#watch(line)
  }

  /** Sends on this connection, ready or not. */
  sendNow(line: Carrier | undefined, data: SocketData): void {
    if (line?.inner.readyState !== 1) throw socketClosed()
    line.inner.send(data as never)
    this.#hold(line, data)
  }

  /** Room has come about for what waits. */
  flush(): void {
    if (this.#line) this.#flush(this.#line)
  }

  /** The session is gone, and what waits for it goes with it. */
  dropBound(): void {
    this.#queue?.dropBound()
  }

  /** A connection is ready for what waits. */
  ready(line: Carrier): void {
    this.#line = line
    this.#flush(line)
  }

  /** Everything waits, until a connection is ready. */
  pause(): void {
    this.#line = undefined
    this.#drain?.cancel()
    this.#drain = undefined
  }

  /** A connection is gone; `isKnownSent` when it ended so that the peer has all. */
  lost(line: Carrier, isKnownSent: boolean): void {
    if (!this.#line || this.#line === line) this.pause()
    const { held } = line
    line.held = undefined
    if (held && !isKnownSent)
      for (const data of held) this.#tell('undelivered', { data, outcome: 'unknown' })
  }

  /** Hands over what it can, whatever the buffer holds, and drops the rest. */
  finish(): void {
    if (this.#line) this.#flush(this.#line, true)
    this.#line = undefined
    this.#queue?.clear()
    this.#scheduleExpiry(Infinity)
  }

  #hasRoom(inner: WebSocketLike): boolean {
    return (
      inner.readyState === 1 &&
      inner.bufferedAmount < this.#settings.highWaterBytes &&
      this.#session?.hasRoom() !== false
    )
  }

  #handOver(line: Carrier, data: SocketData, settle: Settle | undefined): void {
    if (this.#session?.keeps) {
      this.#session.outgoing(data, settle)
      return
    }
    line.inner.send((this.#session?.outgoing(data, settle) ?? data) as never)
    settle?.()
    this.#hold(line, data)
  }

  #hold(line: Carrier, data: SocketData): void {
    if (line.inner.bufferedAmount === 0) return
    line.held ??= []
    line.held.push(data)
    this.#watch(line)
  }

  #flush(line: Carrier, isLast = false): void {
    const { inner } = line
    const queue = this.#queue
    if (!queue) return
    queue.expire(this.#settings.clock.now())
    while (queue.size > 0 && (isLast ? inner.readyState === 1 : this.#hasRoom(inner))) {
      const message = queue.take() as Queued
      const { data, settle } = message
      try {
        this.#handOver(line, data, settle)
      } catch (error) {
        settle?.({ error })
        this.#tell('undelivered', { data, outcome: 'failed' })
      }
    }
    if (this.queuedMessages > 0) this.#watch(line)
    else {
      this.#queue = undefined
      this.#scheduleExpiry(Infinity)
    }
  }

  #watch(line: Carrier): void {
    const { clock } = this.#settings
    this.#drain ??= clock.scheduleAt(clock.now() + drainMs, () => {
      this.#drain = undefined
      // While one connection replaces another, both may hold something.
      for (const each of new Set([line, this.#line ?? line])) {
        prune(each)
        if (each === this.#line) this.#flush(each)
        if (each.held?.length) this.#watch(each)
      }
    })
  }

  #scheduleExpiry(atMs: number): void {
    this.#expiry?.cancel()
    this.#expiry = undefined
    this.#expiresAtMs = atMs
    if (atMs === Infinity) return
    this.#expiry = this.#settings.clock.scheduleAt(atMs, () => {
      this.#queue?.expire(this.#settings.clock.now())
      this.#scheduleExpiry(this.#queue?.expiresAtMs ?? Infinity)
    })
  }
}
