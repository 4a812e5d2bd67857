import { WebSocket } from 'ws'
import { loadReconnectingWebSocket } from '../herd/load-reconnecting-websocket.ts'

/** A connection that is open. */
export interface Wire {
  /** Sends, by whatever way the library has. */
  send(data: string | Uint8Array): unknown
}

type OnMessage = (data: unknown) => void

/** A way to have a connection, on its defaults. */
export interface WireKind {
  readonly name: string
  /** Whether it has targets to meet. */
  readonly isOurs?: boolean
  /** Loads what it needs; the function opens one connection. */
  load(): Promise<(url: string, onMessage: OnMessage) => Promise<Wire>>
}

/** What `WebSocket` and all that look like it have. */
interface Like extends Wire {
  binaryType: string
  onopen: unknown
  onmessage: unknown
  onerror: unknown
  onclose: unknown
}

const nothing = (): void => {}

/** As an app uses it, with a handler for everything. */
function opened(socket: Like, onMessage: OnMessage): Promise<Wire> {
  socket.binaryType = 'arraybuffer'
  socket.onmessage = ({ data }: MessageEvent) => onMessage(data)
  socket.onerror = socket.onclose = nothing
  return new Promise((resolve) => {
    socket.onopen = () => resolve(socket)
  })
}

const bare = async () => (url: string, onMessage: OnMessage) =>
  opened(new WebSocket(url) as Like, onMessage)

export const wireKinds: readonly WireKind[] = [
  { name: 'bare ws', load: bare },
  { name: 'bare ws (twin, control)', load: bare },
  {
    name: 'evenkeel ResilientWebSocket',
    isOurs: true,
    async load() {
      const { ResilientWebSocket } = await import('@evenkeel/websocket')
      const options = { WebSocket: WebSocket as never }
      return (url, onMessage) =>
        opened(new ResilientWebSocket(url, [], options) as unknown as Like, onMessage)
    },
  },
  {
    name: 'evenkeel resilientSocket',
    isOurs: true,
    async load() {
      const { resilientSocket } = await import('@evenkeel/websocket')
      const options = { WebSocket: WebSocket as never }
      return async (url, onMessage) => {
        const socket = resilientSocket(url, options)
        socket.on('message', ({ data }) => onMessage(data))
        socket.on('closed', nothing)
        await socket.opened()
        return socket as Wire
      }
    },
  },
  {
    name: 'partysocket',
    async load() {
      const { default: PartySocket } = await import('partysocket/ws')
      const options = { WebSocket }
      return (url, onMessage) =>
        opened(new PartySocket(url, [], options) as unknown as Like, onMessage)
    },
  },
  {
    name: 'reconnecting-websocket',
    async load() {
      const ReconnectingWebSocket = await loadReconnectingWebSocket()
      const options = { WebSocket }
      return (url, onMessage) =>
        opened(new ReconnectingWebSocket(url, [], options) as unknown as Like, onMessage)
    },
  },
]
