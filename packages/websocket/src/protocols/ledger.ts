import { EvenkeelError } from '@evenkeel/core'
import type { SocketData } from '../outbound-queue.ts'
import type { Settle } from '../send-options.ts'
import type { SessionHost } from '../session.ts'
import { KeptMessages } from './kept.ts'
import type { SessionFacts } from './protocol.ts'

/** What both sides have of a session, by number. */
export class Ledger {
  readonly kept = new KeptMessages()
  readonly #host: SessionHost
  id: string | undefined
  resumeUrl: string | undefined
  received = 0
  #sent = 0

  constructor(host: SessionHost) {
    this.#host = host
  }

  get facts(): SessionFacts {
    const { id, resumeUrl, received } = this
    return { id, resumeUrl, received, sent: this.#sent }
  }

  begin(id: string, resumeUrl: string | undefined): void {
    this.id = id
    this.resumeUrl = resumeUrl
    this.received = 0
  }

  /** Keeps a message until the server has it. */
  keep(
    data: SocketData,
    frameOf: (sequence: number) => SocketData,
    settle: Settle | undefined,
  ): SocketData {
    const frame = frameOf(this.#sent + 1)
    this.kept.add({ sequence: ++this.#sent, data, frame, settle })
    return frame
  }

  /** The server has all up to this one, or all. */
  acknowledged(sequence = this.#sent): void {
    const taken = this.kept.takeUpTo(sequence)
    for (const { settle } of taken) settle?.()
    if (taken.length > 0) this.#host.delivery.flush()
  }

  /** Forgets the session; tells of each message that the server may not have. */
  end(code: string, message: string): void {
    this.id = this.resumeUrl = undefined
    this.received = this.#sent = 0
    for (const { data, settle } of this.kept.takeUpTo(Infinity)) {
      settle?.({ error: new EvenkeelError(code, message, { reached: 'maybe' }) })
      this.#host.tell('undelivered', { data, outcome: 'unknown' })
    }
  }
}
