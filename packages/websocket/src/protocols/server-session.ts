import type { Timer } from '@evenkeel/core'
import { sessionGoneCode } from './ack-protocol.ts'
import { KeptMessages } from './kept.ts'

/** What is asked of the server's side of a connection; a socket of `ws` has it. */
export interface ServerSocket {
  readonly readyState: number
  on(event: 'message', listener: (data: { toString(): string }) => void): unknown
  on(event: 'close' | 'error', listener: () => void): unknown
  send(data: string): void
  close(code?: number, reason?: string): void
}

/** One client, over all its connections. */
export interface ServerSession<Identity = unknown> {
  readonly id: string
  /** What `authenticate` made of its credentials. */
  readonly identity: Identity
  readonly isConnected: boolean
  /** Messages that the client has not acknowledged. */
  readonly pending: number
  /** Sends a string, now or after the next resume. `false` when the session had to be ended: too much is pending. */
  send(data: string): boolean
  /** Ends the session and its connection. */
  end(): void
}

/** What the server knows of one client. */
export class HeldSession<Identity> implements ServerSession<Identity> {
  readonly id: string
  readonly identity: Identity
  readonly kept = new KeptMessages()
  received = 0
  sent = 0
  socket: ServerSocket | undefined
  expiry: Timer | undefined
  readonly #limits: { readonly maxPending: number; readonly maxPendingBytes: number }
  readonly #onEnd: (session: HeldSession<Identity>) => void

  constructor(
    id: string,
    identity: Identity,
    limits: { readonly maxPending: number; readonly maxPendingBytes: number },
    onEnd: (session: HeldSession<Identity>) => void,
  ) {
    this.id = id
    this.identity = identity
    this.#limits = limits
    this.#onEnd = onEnd
  }

  get isConnected(): boolean {
    return this.socket?.readyState === 1
  }

  get pending(): number {
    return this.kept.size
  }

  send(data: string): boolean {
    const { maxPending, maxPendingBytes } = this.#limits
    if (this.kept.size >= maxPending || this.kept.bytes >= maxPendingBytes) {
      this.end()
      return false
    }
    const sequence = ++this.sent
    const frame = JSON.stringify({ type: 'message', sequence, data, received: this.received })
    this.kept.add({ sequence, data, frame, settle: undefined })
    this.say(frame)
    return true
  }

  end(): void {
    this.expiry?.cancel()
    const { socket } = this
    this.socket = undefined
    this.#onEnd(this)
    socket?.close(sessionGoneCode, 'the session has ended')
  }

  say(frame: string): void {
    if (this.isConnected) this.socket?.send(frame)
  }
}
