import { byteLength } from '../byte-length.ts'
import type { SocketData } from '../outbound-queue.ts'
import type { Settle } from '../send-options.ts'

/** A message that is the server's only when it says so. */
export interface Kept {
  readonly sequence: number
  /** As the app sent it. */
  readonly data: SocketData
  /** As it goes out. */
  readonly frame: SocketData
  readonly bytes: number
  readonly settle: Settle | undefined
}

/** Numbered messages in order, from the first that the server may not have. */
export class KeptMessages {
  #messages: Kept[] = []
  #first = 0
  #bytes = 0

  get size(): number {
    return this.#messages.length - this.#first
  }

  get bytes(): number {
    return this.#bytes
  }

  add(message: Omit<Kept, 'bytes'>): void {
    const bytes = byteLength(message.frame)
    this.#messages.push({ ...message, bytes })
    this.#bytes += bytes
  }

  /** Takes out what the server has. */
  takeUpTo(sequence: number): Kept[] {
    const taken: Kept[] = []
    for (;;) {
      const first = this.#messages[this.#first]
      if (!first || first.sequence > sequence) break
      this.#first++
      this.#bytes -= first.bytes
      taken.push(first)
    }
    // Many are taken one by one: the array is cut when half of it is gone.
    if (this.#first * 2 > this.#messages.length) {
      this.#messages = this.#messages.slice(this.#first)
      this.#first = 0
    }
    return taken
  }

  /** All that is kept, in order. */
  all(): readonly Kept[] {
    return this.#messages.slice(this.#first)
  }
}
