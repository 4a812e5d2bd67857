import type { Priority } from '@evenkeel/core'
import type { Settle } from './send-options.ts'

/** What can be sent, as the platform's `WebSocket` takes it. */
export type SocketData = string | ArrayBuffer | ArrayBufferView<ArrayBufferLike> | Blob

/** What a full queue does with a message: turns it away, or drops an older or the new one, and says so. */
export type Overflow = 'reject' | 'drop-oldest' | 'drop-newest'

/** Why a message was not sent. */
export type DropReason = 'overflow' | 'expired' | 'superseded' | 'sessionLost' | 'closed'

/** A message that waits. */
export interface Queued {
  data: SocketData
  readonly bytes: number
  readonly expiresAtMs: number
  readonly priority: Priority
  /** A later message with the same one replaces this one. */
  readonly coalesceKey: string | undefined
  /** Makes sense in the present session only. */
  readonly isBound: boolean
  readonly settle: Settle | undefined
}

/** What bounds a queue. */
export interface QueueLimits {
  readonly maxMessages: number
  readonly maxBytes: number
  readonly overflow: Overflow
}

/** Messages that wait for a connection, bounded in number and bytes, highest priority first, else in order. */
export class OutboundQueue {
  readonly #limits: QueueLimits
  readonly #onDrop: (message: Queued, reason: DropReason) => void
  // Lowest priority first. A set keeps the order and gives up any of its members at once.
  readonly #lanes = {
    deferred: new Set<Queued>(),
    important: new Set<Queued>(),
    critical: new Set<Queued>(),
  }
  readonly #byKey = new Map<string, Queued>()
  #size = 0
  #bytes = 0

  constructor(limits: QueueLimits, onDrop: (message: Queued, reason: DropReason) => void) {
    this.#limits = limits
    this.#onDrop = onDrop
  }

  get size(): number {
    return this.#size
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Adds a message, or says that there is no room; then nothing has changed. */
  add(message: Queued): boolean {
    const { priority, coalesceKey } = message
    const older = coalesceKey === undefined ? undefined : this.#byKey.get(coalesceKey)
    const victims = this.#victims(message, older)
    if (!victims) {
      if (this.#limits.overflow === 'reject') return false
      this.#onDrop(message, 'overflow')
      return true
    }
    for (const victim of victims) this.#drop(victim, 'overflow')
    if (older) this.#drop(older, 'superseded')
    this.#lanes[priority].add(message)
    if (coalesceKey !== undefined) this.#byKey.set(coalesceKey, message)
    this.#size++
    this.#bytes += message.bytes
    return true
  }

  /** Takes the message that is next. */
  take(): Queued | undefined {
    const { critical, important, deferred } = this.#lanes
    for (const lane of [critical, important, deferred])
      for (const message of lane) {
        this.#remove(message)
        return message
      }
    return undefined
  }

  /** When the first message goes stale; `Infinity` when none does. */
  get expiresAtMs(): number {
    let atMs = Infinity
    for (const { expiresAtMs } of this.#all()) atMs = Math.min(atMs, expiresAtMs)
    return atMs
  }

  /** Drops what is stale. */
  expire(nowMs: number): void {
    for (const message of [...this.#all()])
      if (message.expiresAtMs <= nowMs) this.#drop(message, 'expired')
  }

  /** Drops what makes sense in the present session only. */
  dropBound(): void {
    for (const message of [...this.#all()]) if (message.isBound) this.#drop(message, 'sessionLost')
  }

  /** Drops everything. */
  clear(): void {
    for (const message of [...this.#all()]) this.#drop(message, 'closed')
  }

  *#all(): Iterable<Queued> {
    for (const lane of Object.values(this.#lanes)) yield* lane
  }

  /** Whom to drop to make room: oldest of the lowest priority first, and nobody more important than the message. */
  #victims(message: Queued, older: Queued | undefined): Queued[] | undefined {
    const { maxMessages, maxBytes, overflow } = this.#limits
    let size = this.#size + 1 - (older ? 1 : 0)
    let bytes = this.#bytes + message.bytes - (older?.bytes ?? 0)
    const fits = (): boolean => size <= maxMessages && bytes <= maxBytes
    const victims: Queued[] = []
    if (overflow === 'drop-oldest' && message.bytes <= maxBytes)
      for (const [priority, lane] of Object.entries(this.#lanes)) {
        for (const each of lane) {
          if (fits()) break
          if (each === older) continue
          victims.push(each)
          size--
          bytes -= each.bytes
        }
        if (priority === message.priority) break
      }
    return fits() ? victims : undefined
  }

  #drop(message: Queued, reason: DropReason): void {
    this.#remove(message)
    this.#onDrop(message, reason)
  }

  #remove(message: Queued): void {
    if (!this.#lanes[message.priority].delete(message)) return
    if (message.coalesceKey !== undefined && this.#byKey.get(message.coalesceKey) === message)
      this.#byKey.delete(message.coalesceKey)
    this.#size--
    this.#bytes -= message.bytes
  }
}
