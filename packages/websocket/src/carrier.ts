import type { Timer } from '@evenkeel/core'
import { byteLength } from './byte-length.ts'
import type { WebSocketLike } from './inner-socket.ts'
import type { SocketData } from './outbound-queue.ts'

/** A connection that takes messages. */
export interface Carrier {
  readonly inner: WebSocketLike
  /** What it took but may still hold, in order. */
  held: SocketData[] | undefined
  /** The next look at that. */
  drain: Timer | undefined
}

/** Keeps of what a connection took the tail that its buffer may hold; a string has no fewer bytes than units. */
export function prune({ inner, held }: Carrier): void {
  if (!held) return
  const { bufferedAmount } = inner
  let first = held.length
  for (let bytes = 0; first > 0 && bytes < bufferedAmount; first--) {
    const data = held[first - 1] as SocketData
    bytes += typeof data === 'string' ? data.length : byteLength(data)
  }
  held.splice(0, first)
}
