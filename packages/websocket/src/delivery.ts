import type { Timer } from '@evenkeel/core'
import { byteLength } from './byte-length.ts'
import { type Carrier, prune } from './carrier.ts'
import type { Tell } from './events.ts'
import { queueFull, socketClosed } from './not-sent.ts'
import { OutboundQueue, type Queued, type SocketData } from './outbound-queue.ts'
import type { SendOptions, Settle } from './send-options.ts'
import type { Session } from './session.ts'
import type { Settings } from './settings.ts'
import { snapshot } from './snapshot.ts'

/** Refuses what a queue that is no more than one would pass over. */
function checkPlain({ priority, coalesceKey }: SendOptions): void {
  if ((priority ?? coalesceKey) === undefined) return
  const name = priority === undefined ? 'coalesceKey' : 'priority'
  throw new TypeError(`websocket: ${name} needs queue: lanes()`)
}

/** How often a buffer is looked at while it is not empty: sockets do not say when it drains. */
const drainMs = 50

/** Gets messages out: through an open connection at once, else by the queue; reports what did not get through. */
export class Delivery {
  /** What waits, while something does. */
  queue: OutboundQueue | undefined
  readonly #settings: Settings
  readonly #tell: Tell
  readonly #session: Session | undefined
  /** The connection, once it is ready. */
  #line: Carrier | undefined
  #expiry: Timer | undefined
  #expiresAtMs = Infinity

  constructor(settings: Settings, tell: Tell, session: Session | undefined) {
    this.#settings = settings
    this.#tell = tell
    this.#session = session
  }

  /** Whether a connection takes the next message at once. */
  get isFree(): boolean {
    return this.#hasRoom && !this.queue?.size
  }

  /** Sends or queues. @throws `QUEUE_FULL` when the queue rejects it, and what the socket throws */
  send(data: SocketData, options: SendOptions, settle?: Settle): void {
    const line = this.#line
    const { clock, ttlMs, kind } = this.#settings
    if (!kind) checkPlain(options)
    this.#session?.check(data)
    if (this.isFree) {
      this.#handOver(line as Carrier, data, settle)
      return
    }
    const expiresAtMs = clock.now() + (options.ttlMs ?? ttlMs)
    const kept = snapshot(data)
    const bytes = byteLength(kept)
    this.queue ??= new (kind ?? OutboundQueue)(this.#settings, ({ data, settle }, outcome) => {
      settle?.(outcome)
      this.#tell('undelivered', { data, outcome })
    })
    if (!this.queue.add({ data: kept, settle, bytes, expiresAtMs, options })) throw queueFull()
    this.#expireAt(expiresAtMs)
    if (line) this.#watch(line)
  }

  /** Sends on this connection, ready or not. */
  sendNow(line: Carrier | undefined, data: SocketData): void {
    if (line?.inner.readyState !== 1) throw socketClosed()
    line.inner.send(data as never)
    this.#hold(line, data)
  }

  /** A connection is ready for what waits. */
  ready(line: Carrier): void {
    this.#line = line
    this.flush()
  }

  /** Everything waits, until a connection is ready. */
  pause(): void {
    this.#line = undefined
  }

  /** A connection is gone; `isKnownSent` when it ended so that the peer has all. */
  lost(line: Carrier, isKnownSent: boolean): void {
    if (this.#line === line) this.pause()
    const { held, drain } = line
    drain?.cancel()
    line.held = undefined
    if (held && !isKnownSent)
      for (const data of held) this.#tell('undelivered', { data, outcome: 'unknown' })
  }

  /** Hands over what it can, whatever the buffer holds, and drops the rest. */
  finish(): void {
    this.flush(true)
    this.#line = undefined
    this.queue?.dropWhere(() => true, 'closed')
    this.#emptied()
  }

  /** Hands over what there is room for; all, if it is the last time. */
  flush(isLast = false): void {
    const line = this.#line
    const { queue } = this
    if (!line || !queue) return
    this.#expire()
    while (queue.size > 0 && (isLast ? line.inner.readyState === 1 : this.#hasRoom)) {
      const { data, settle } = queue.take() as Queued
      try {
        this.#handOver(line, data, settle)
      } catch (error) {
        settle?.({ error })
        this.#tell('undelivered', { data, outcome: 'failed' })
      }
    }
    if (queue.size > 0) this.#watch(line)
    else this.#emptied()
  }

  #emptied(): void {
    this.queue = undefined
    this.#expiry?.cancel()
    this.#expiresAtMs = Infinity
  }

  get #hasRoom(): boolean {
    const inner = this.#line?.inner
    return (
      inner?.readyState === 1 &&
      // Where none is told (Cloudflare's Workers), there is room.
      !(inner.bufferedAmount >= this.#settings.highWaterBytes) &&
      this.#session?.hasRoom() !== false
    )
  }

  #handOver(line: Carrier, data: SocketData, settle: Settle | undefined): void {
    const message = this.#session ? this.#session.outgoing(data, settle) : data
    if (message === undefined) return
    line.inner.send(message as never)
    settle?.()
    this.#hold(line, data)
  }

  #hold(line: Carrier, data: SocketData): void {
    if (!line.inner.bufferedAmount) return
    line.held ??= []
    line.held.push(data)
    this.#watch(line)
  }

  #watch(line: Carrier): void {
    const { clock } = this.#settings
    line.drain ??= clock.scheduleAt(clock.now() + drainMs, () => {
      line.drain = undefined
      prune(line)
      if (line === this.#line) this.flush()
      if (line.held?.length) this.#watch(line)
    })
  }

  #expire(): void {
    const nowMs = this.#settings.clock.now()
    this.queue?.dropWhere(({ expiresAtMs }) => expiresAtMs <= nowMs, 'expired')
  }

  #expireAt(atMs: number): void {
    if (atMs >= this.#expiresAtMs) return
    this.#expiry?.cancel()
    this.#expiresAtMs = atMs
    this.#expiry = this.#settings.clock.scheduleAt(atMs, () => {
      this.#expiresAtMs = Infinity
      this.#expire()
      this.#expireAt(this.queue?.expiresAtMs ?? Infinity)
    })
  }
}
