import { WebSocket } from 'ws'
import { loadReconnectingWebSocket } from '../herd/load-reconnecting-websocket.ts'

/** What the clients of a process have done so far. */
export interface ClientCounts {
  dials: number
  open: number
}

/** Which server a library talks to. */
type ServerKind = 'ws' | 'socket.io'

/** A client library on its defaults, over real sockets. */
export interface SocketContender {
  readonly name: string
  readonly server: ServerKind
  /** Loads what it needs; the function starts one client. */
  load(url: string, counts: ClientCounts): Promise<() => unknown>
}

/** The class of `ws`, counted: all who take a class get it, so that they differ only in what they do with it. */
function counted(counts: ClientCounts): typeof WebSocket {
  return class extends WebSocket {
    constructor(...args: ConstructorParameters<typeof WebSocket>) {
      super(...args)
      counts.dials++
      this.once('open', () => {
        counts.open++
        this.once('close', () => counts.open--)
      })
    }
  } as typeof WebSocket
}

export const socketContenders: readonly SocketContender[] = [
  {
    name: 'evenkeel',
    server: 'ws',
    async load(url, counts) {
      const { ResilientWebSocket } = await import('@evenkeel/websocket')
      const options = { WebSocket: counted(counts) as never }
      return () => new ResilientWebSocket(url, [], options)
    },
  },
  {
    name: 'partysocket',
    server: 'ws',
    async load(url, counts) {
      const { default: PartySocket } = await import('partysocket/ws')
      const options = { WebSocket: counted(counts) }
      return () => new PartySocket(url, [], options)
    },
  },
  {
    name: 'reconnecting-websocket',
    server: 'ws',
    async load(url, counts) {
      const ReconnectingWebSocket = await loadReconnectingWebSocket()
      const Inner = counted(counts)
      // It draws this once, when a page loads it; here are as many pages as clients.
      return () =>
        new ReconnectingWebSocket(url, [], {
          WebSocket: Inner,
          minReconnectionDelay: 1000 + Math.random() * 4000,
        })
    },
  },
  {
    name: 'phoenix',
    server: 'ws',
    async load(url, counts) {
      const { Socket } = await import('phoenix')
      const transport = counted(counts) as never
      return () => new Socket(url, { transport }).connect()
    },
  },
  {
    name: 'socket.io-client',
    server: 'socket.io',
    async load(url, counts) {
      const { io } = await import('socket.io-client')
      return () => {
        counts.dials++
        // As many pages as clients: by default, those of one page share a connection.
        const socket = io(url, { forceNew: true })
        socket.on('connect', () => counts.open++)
        socket.on('disconnect', () => counts.open--)
        socket.io.on('reconnect_attempt', () => counts.dials++)
      }
    },
  },
]
