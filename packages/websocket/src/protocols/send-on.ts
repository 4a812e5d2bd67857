import type { SocketData } from '../outbound-queue.ts'
import type { SessionLine } from '../session.ts'

/** Sends on an open connection, past the queue; does nothing when there is none. */
export function sendOn(line: SessionLine | undefined, data: SocketData): void {
  try {
    if (line?.inner.readyState === 1) line.inner.send(data as never)
  } catch {
    // It is lost with the connection, which ends by itself.
  }
}
