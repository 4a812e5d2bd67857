import type { SocketData } from '../outbound-queue.ts'
import type { SessionHost } from '../session.ts'

/** Sends on the open connection, past the queue; does nothing without one. */
export function sendOn({ inner }: SessionHost, data: SocketData): void {
  try {
    if (inner?.readyState === 1) inner.send(data as never)
  } catch {
    // It is lost with the connection, which ends by itself.
  }
}
