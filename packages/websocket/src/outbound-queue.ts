import type { SendOptions, Settle } from './send-options.ts'

/** What can be sent, as the platform's `WebSocket` takes it. */
export type SocketData = string | ArrayBuffer | ArrayBufferView<ArrayBufferLike> | Blob

/** What a full queue does with a message: turns it away, or drops an older or the new one, and says so. */
export type Overflow = 'reject' | 'drop-oldest' | 'drop-newest'

/** Why a message was not sent. */
export type DropReason = 'overflow' | 'expired' | 'superseded' | 'sessionLost' | 'closed'

/** A message that waits. */
export interface Queued {
  readonly data: SocketData
  readonly bytes: number
  readonly expiresAtMs: number
  readonly options: SendOptions
  readonly settle: Settle | undefined
}

/** What bounds a queue. */
export interface QueueLimits {
  readonly maxMessages: number
  readonly maxBytes: number
  readonly overflow: Overflow
}

/** Hears of each message that a queue drops. */
export type OnDrop = (message: Queued, reason: DropReason) => void

/** The queue of each socket: `lanes()` gives one. */
export type QueueKind = new (limits: QueueLimits, onDrop: OnDrop) => OutboundQueue

/** Messages that wait for a connection, bounded in number and bytes, in order. */
export class OutboundQueue {
  bytes = 0
  protected readonly limits: QueueLimits
  protected readonly onDrop: OnDrop
  readonly #messages = new Set<Queued>()

  constructor(limits: QueueLimits, onDrop: OnDrop) {
    this.limits = limits
    this.onDrop = onDrop
  }

  get size(): number {
    return this.#messages.size
  }

  /** Those that wait, the next first. */
  protected all(): Iterable<Queued> {
    return this.#messages
  }

  /** Adds a message, or says that there is no room; then nothing has changed. */
  add(message: Queued): boolean {
    const { maxMessages, maxBytes, overflow } = this.limits
    const fits = (): boolean => this.size < maxMessages && this.bytes + message.bytes <= maxBytes
    if (overflow === 'drop-oldest' && message.bytes <= maxBytes)
      for (const each of this.#messages) {
        if (fits()) break
        this.drop(each, 'overflow')
      }
    if (fits()) {
      this.#messages.add(message)
      this.bytes += message.bytes
    } else if (overflow === 'reject') return false
    else this.onDrop(message, 'overflow')
    return true
  }

  /** Takes the message that is next. */
  take(): Queued | undefined {
    for (const message of this.#messages) {
      this.remove(message)
      return message
    }
    return undefined
  }

  /** When the first message goes stale; `Infinity` when none does. */
  get expiresAtMs(): number {
    let atMs = Infinity
    for (const { expiresAtMs } of this.all()) atMs = Math.min(atMs, expiresAtMs)
    return atMs
  }

  /** Drops those of which it is true. */
  dropWhere(isDropped: (message: Queued) => boolean, reason: DropReason): void {
    for (const message of [...this.all()]) if (isDropped(message)) this.drop(message, reason)
  }

  /** Takes a message out, and tells of it. */
  protected drop(message: Queued, reason: DropReason): void {
    this.remove(message)
    this.onDrop(message, reason)
  }

  /** Takes a message out. */
  protected remove(message: Queued): void {
    this.#messages.delete(message)
    this.bytes -= message.bytes
  }
}
