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
  /** Of `ws`: Node's events, which tell more than the web's; of `probedWebSocket()`: `refused`. */
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

/** Lets go of a socket: nothing comes of it any more, and it is closed if it is not. */
export function release(inner: WebSocketLike, code: number | undefined): void {
  inner.onopen = inner.onmessage = inner.onclose = null
  try {
    if (inner.readyState !== 3) inner.terminate ? inner.terminate() : inner.close(code)
  } catch {}
}
