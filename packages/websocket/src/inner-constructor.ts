import type { WebSocketConstructor } from './inner-socket.ts'
import { undiciDials } from './undici-dials.ts'

let own: { readonly Platform: unknown; readonly Inner: WebSocketConstructor } | undefined

/** The platform's class, wrapped once for all dials. */
function platformDials(Platform: typeof WebSocket): WebSocketConstructor {
  if (own?.Platform !== Platform) own = { Platform, Inner: undiciDials(Platform, false) }
  return own.Inner
}

/** `isomorphic-ws`: `ws` on Node, the global elsewhere, which it looks up once and may not find. */
async function isomorphic(): Promise<WebSocketConstructor> {
  const module = (await import('isomorphic-ws')) as { default?: unknown }
  const found = module.default ?? module
  if (typeof found !== 'function') throw new TypeError('websocket: no WebSocket here: give one')
  return found as WebSocketConstructor
}

/**
 * The class of the socket underneath: the one given, else the platform's own, else `isomorphic-ws`, which
 * is only then loaded. With `headers` `isomorphic-ws` comes first: the web's class can't send any.
 */
export function innerConstructor(
  given: WebSocketConstructor | undefined,
  needsHeaders: boolean,
): WebSocketConstructor | Promise<WebSocketConstructor> {
  const { WebSocket: Platform } = globalThis as { WebSocket?: typeof WebSocket }
  return given ?? (needsHeaders || !Platform ? isomorphic() : platformDials(Platform))
}
