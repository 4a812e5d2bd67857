import { type Destroyable, handshakeOf, type Refusal } from './handshake.ts'
import type { WebSocketLike } from './inner-socket.ts'
import type { Line } from './line.ts'
import type { Settings } from './settings.ts'

/** Hears what `ws` tells, and browsers don't: errors, ping and pong frames, and why a handshake was refused. */
export function hearMore(
  inner: WebSocketLike,
  line: Line,
  { clock, heartbeat, session }: Settings,
): void {
  // It stays when the connection is let go of: ws throws what no listener takes.
  inner.onerror = ({ error }: { error?: unknown }) => {
    line.error = error
  }
  if (heartbeat || session)
    for (const frame of ['ping', 'pong']) inner.on?.(frame, () => line.heard())
  // With a listener in place, ws leaves the request to it.
  inner.on?.('unexpected-response', (request: Destroyable, response: Refusal) => {
    request.destroy()
    line.end('handshake', handshakeOf(response, clock.wallNow()))
  })
}
