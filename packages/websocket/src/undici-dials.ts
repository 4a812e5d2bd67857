import type { WebSocketConstructor, WebSocketLike } from './inner-socket.ts'

/** What hears of a refused handshake, in the shape in which `ws` tells it. */
type RefusalListener = (
  request: { destroy(): void },
  response: { readonly statusCode: number; readonly headers: Record<string, string> },
) => void

interface Channel {
  subscribe(listener: (message: unknown) => void): void
  unsubscribe(listener: (message: unknown) => void): void
}

interface Builtins {
  readonly versions?: { readonly undici?: string }
  getBuiltinModule?(name: 'node:diagnostics_channel'): { channel(name: string): Channel }
  getBuiltinModule?(name: 'node:async_hooks'): {
    AsyncLocalStorage: new () => {
      run<T>(store: object, callback: () => T): T
      getStore(): object | undefined
      disable(): void
    }
  }
}

interface Sending {
  readonly request: object
  /** Node's socket. */
  readonly socket: NonNullable<WebSocketLike['_socket']> & {
    readonly alpnProtocol?: unknown
    destroy(): void
  }
}

interface Answer {
  readonly request: object
  readonly response: { readonly statusCode: number; readonly headers: readonly Uint8Array[] }
}

/** Names and values by turns, as undici has them. */
function headersOf(raw: readonly Uint8Array[]): Record<string, string> {
  const decoder = new TextDecoder('latin1')
  const headers: Record<string, string> = {}
  for (let index = 0; index + 1 < raw.length; index += 2)
    headers[decoder.decode(raw[index]).toLowerCase()] = decoder.decode(raw[index + 1])
  return headers
}

/**
 * Makes a class that is Node's own `WebSocket`, and knows the connection that undici has made for each: what ends it
 * when its peer is silent, for whose answer Node's own waits for ever, and what holds a process or not. If it
 * `tellsRefusals`, it tells them as `ws` does. Where there is no undici, as in Bun and Deno, it is the class as it is.
 */
export function undiciDials(
  Platform: typeof WebSocket,
  tellsRefusals: boolean,
): WebSocketConstructor {
  const { process } = globalThis as { process?: Builtins }
  const builtins = process?.versions?.undici ? process : undefined
  const diagnostics = builtins?.getBuiltinModule?.('node:diagnostics_channel')
  const hooks = builtins?.getBuiltinModule?.('node:async_hooks')
  if (!diagnostics || !hooks) return Platform as WebSocketConstructor
  const created = diagnostics.channel('undici:request:create')
  const sending = diagnostics.channel('undici:client:sendHeaders')
  const answered = diagnostics.channel('undici:request:headers')
  // Dials to one URL at the same time differ in nothing but the call they come from.
  const dials = new hooks.AsyncLocalStorage()
  const listeners = new WeakMap<object, RefusalListener>()
  const sockets = new WeakMap<object, Sending['socket']>()
  const dialOf = new WeakMap<object, object>()
  let dialing = 0

  const onCreated = (message: unknown): void => {
    const dial = dials.getStore()
    if (dial) dialOf.set((message as Answer).request, dial)
  }
  const onSending = (message: unknown): void => {
    const { request, socket } = message as Sending
    const dial = dialOf.get(request)
    if (dial) sockets.set(dial, socket)
  }
  const onAnswered = (message: unknown): void => {
    const { request, response } = message as Answer
    const dial = dialOf.get(request)
    const { statusCode, headers } = response
    if (!dial || statusCode === 101) return
    listeners.get(dial)?.({ destroy() {} }, { statusCode, headers: headersOf(headers) })
  }

  return new Proxy(Platform, {
    construct(target, given: ConstructorParameters<typeof WebSocket>) {
      const dial = {}
      let isDialing = true
      const settled = (): void => {
        if (isDialing && --dialing === 0) {
          created.unsubscribe(onCreated)
          sending.unsubscribe(onSending)
          answered.unsubscribe(onAnswered)
          // Up to Node.js 22 it slows every promise of the process while it is on.
          dials.disable()
        }
        isDialing = false
      }
      // The request is made inside the constructor.
      if (dialing++ === 0) {
        created.subscribe(onCreated)
        sending.subscribe(onSending)
        answered.subscribe(onAnswered)
      }
      let socket: WebSocket
      try {
        socket = dials.run(dial, () => new target(...given))
      } catch (error) {
        settled()
        throw error
      }
      for (const type of ['open', 'error', 'close']) socket.addEventListener(type, settled)
      // A dial that is still out ends by `close()`.
      socket.addEventListener('open', () => {
        const connection = sockets.get(dial)
        // One of HTTP/2 has other requests, too.
        if (connection && connection.alpnProtocol !== 'h2')
          Object.assign(socket, { terminate: () => connection.destroy() })
      })
      // As of `ws`, whose other events are not told.
      const on = (event: string, listener: RefusalListener): void => {
        if (event === 'unexpected-response') listeners.set(dial, listener)
      }
      const ref = (): unknown => sockets.get(dial)?.ref?.()
      const unref = (): unknown => sockets.get(dial)?.unref?.()
      return Object.assign(socket, { ref, unref }, tellsRefusals && { on })
    },
  }) as unknown as WebSocketConstructor
}
