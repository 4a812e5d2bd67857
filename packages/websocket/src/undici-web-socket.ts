import type { WebSocketConstructor } from './inner-socket.ts'
import { undiciDials } from './undici-dials.ts'

/**
 * Makes a class that is Node's own `WebSocket`, and tells what a refused handshake was answered with: for the
 * option `WebSocket`. Node's says `error` without a reason; its HTTP client undici, which does the handshake,
 * publishes each answer to `node:diagnostics_channel`. Where that is missing it is the platform's class as it is.
 *
 * @throws `TypeError` where there is no `WebSocket`
 */
export function undiciWebSocket(): WebSocketConstructor {
  const { WebSocket: Platform } = globalThis as { WebSocket?: typeof WebSocket }
  if (!Platform) throw new TypeError('undiciWebSocket: there is no WebSocket here')
  return undiciDials(Platform, true)
}
