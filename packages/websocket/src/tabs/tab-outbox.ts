import type { Clock, Timer } from '@evenkeel/core'
import { byteLength } from '../byte-length.ts'
import type { Undelivered } from '../events.ts'
import { queueFull } from '../not-sent.ts'
import type { QueueLimits, SocketData } from '../outbound-queue.ts'
import type { SendOptions } from '../send-options.ts'
import { snapshot } from '../snapshot.ts'

/** A message that no connection is known to have taken. */
interface Kept {
  readonly data: SocketData
  readonly bytes: number
  readonly options: SendOptions
  readonly expiresAtMs: number
  /** Whether a tab with the connection was told of it: it may have gone out. */
  isPosted: boolean
}

/** How much longer the tab with the connection has to say that a message it was told of expired. */
const graceMs = 1000

/** When this tab gives a message up. */
const givenUpAtMs = ({ expiresAtMs, isPosted }: Kept): number =>
  isPosted ? expiresAtMs + graceMs : expiresAtMs

/** Gets a message to the tab with the connection; false when it can't be posted. */
export type Route = (
  id: number,
  message: { readonly data: SocketData; readonly options: SendOptions },
) => boolean

type OnDrop = (data: SocketData, outcome: Undelivered['outcome']) => void

/** The messages of one tab until the tab with the connection says that it took them; what that one dies with is posted to the next. */
export class TabOutbox {
  readonly #limits: QueueLimits & { readonly ttlMs: number }
  readonly #clock: Clock
  readonly #onDrop: OnDrop
  readonly #kept = new Map<number, Kept>()
  #bytes = 0
  #lastId = 0
  #expiry: Timer | undefined
  #route: Route | undefined

  constructor(limits: QueueLimits & { readonly ttlMs: number }, clock: Clock, onDrop: OnDrop) {
    this.#limits = limits
    this.#clock = clock
    this.#onDrop = onDrop
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Keeps a message, and posts it if there is a way. @throws `QUEUE_FULL` */
  send(data: SocketData, options: SendOptions): void {
    const { maxMessages, maxBytes, ttlMs: defaultTtlMs } = this.#limits
    const { ttlMs = defaultTtlMs } = options
    const kept = snapshot(data)
    const bytes = byteLength(kept)
    if (this.#kept.size >= maxMessages || this.#bytes + bytes > maxBytes) throw queueFull()
    const expiresAtMs = this.#clock.now() + ttlMs
    const id = ++this.#lastId
    this.#kept.set(id, { data: kept, bytes, options, expiresAtMs, isPosted: false })
    this.#bytes += bytes
    this.#expiry ??= this.#clock.scheduleAt(expiresAtMs, () => this.#expire())
    this.#post(id)
  }

  /** Posts all there is by another way, in order; `undefined` while nobody is known to have the connection. */
  routeBy(route: Route | undefined): void {
    this.#route = route
    for (const id of [...this.#kept.keys()]) this.#post(id)
  }

  /** Lets go of a message; with an outcome it is reported. */
  settle(id: number, outcome?: Undelivered['outcome']): void {
    const kept = this.#kept.get(id)
    if (!kept) return
    this.#kept.delete(id)
    this.#bytes -= kept.bytes
    if (this.#kept.size === 0) {
      this.#expiry?.cancel()
      this.#expiry = undefined
    }
    if (outcome) this.#onDrop(kept.data, outcome)
  }

  /** Drops all. */
  clear(): void {
    this.#drop(() => true, 'closed')
  }

  #drop(isDropped: (kept: Kept) => boolean, outcome: 'expired' | 'closed'): void {
    for (const [id, kept] of [...this.#kept])
      if (isDropped(kept)) this.settle(id, kept.isPosted ? 'unknown' : outcome)
  }

  #post(id: number): void {
    const kept = this.#kept.get(id)
    if (!kept || !this.#route) return
    const { data, options, expiresAtMs } = kept
    kept.isPosted = true
    const ttlMs = Math.max(0, expiresAtMs - this.#clock.now())
    if (!this.#route(id, { data, options: { ...options, ttlMs } })) this.settle(id, 'failed')
  }

  #expire(): void {
    const nowMs = this.#clock.now()
    this.#expiry = undefined
    this.#drop((kept) => givenUpAtMs(kept) <= nowMs, 'expired')
    let nextAtMs = Infinity
    for (const kept of this.#kept.values()) nextAtMs = Math.min(nextAtMs, givenUpAtMs(kept))
    if (nextAtMs < Infinity && !this.#expiry)
      this.#expiry = this.#clock.scheduleAt(nextAtMs, () => this.#expire())
  }
}
