/** What is asked of the socket underneath; the platform's, `ws` and their kin all have it. */
export interface WebSocketLike {
  binaryType: string
  readonly bufferedAmount: number
  readonly extensions: string
  readonly protocol: string
  readonly readyState: number
  readonly url: string
  onopen: unknown
  onmessage: unknown
  onerror: unknown
  onclose: unknown
  /** As of the platform's. */
  send(data: never): void
  /** As of the platform's. */
  close(code?: number, reason?: string): void
  /** Of `ws` and Bun: sends a ping frame. */
  ping?: () => void
  /** Of `ws` and Bun: destroys the connection. */
  terminate?: () => void
  /** Of `ws`: Node's events, which tell more than the web's. */
  on?: (event: string, listener: (...facts: never[]) => void) => unknown
  /** Of `undiciWebSocket()`: keeps a Node process alive while it is open. */
  ref?: () => unknown
  /** Of `undiciWebSocket()`: no longer does. */
  unref?: () => unknown
  /** Of `ws`, while it is open: Node's socket, which has the two. */
  readonly _socket?:
    | {
        /** Keeps a Node process alive while it is open. */
        ref?(): unknown
        /** No longer does. */
        unref?(): unknown
      }
    | null
    | undefined
}

/** What makes a socket: a `WebSocket` class. Only `ws` is given a third argument, and only with `headers`. */
export type WebSocketConstructor = new (
  url: string,
  protocols?: string | string[],
  options?: never,
) => WebSocketLike

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
  const platform = (globalThis as { WebSocket?: unknown }).WebSocket
  return given ?? (needsHeaders || !platform ? isomorphic() : (platform as WebSocketConstructor))
}

/** Lets go of a socket: it may call nobody, and is closed if it is not. */
export function release(inner: WebSocketLike, code: number | undefined): void {
  inner.onopen = inner.onmessage = inner.onclose = null
  // ws throws what no listener takes.
  inner.onerror = () => {}
  try {
    if (inner.readyState !== 3) inner.terminate ? inner.terminate() : inner.close(code)
  } catch {}
}

/** Whether this connection keeps a Node process alive; changes nothing where the socket underneath can't be told. */
export function hold(inner: WebSocketLike | undefined, isHeld: boolean): void {
  const told = inner?.unref ? inner : inner?._socket
  if (isHeld) told?.ref?.()
  else told?.unref?.()
}
