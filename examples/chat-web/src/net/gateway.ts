import type { Clock, Random } from '@evenkeel/core'
import type {
  DialBudget,
  DialGateKind,
  HandlerTarget,
  WebSocketConstructor,
} from '@evenkeel/websocket'
import { discordGateway } from '@evenkeel/websocket/discord'
import { probedWebSocket } from '@evenkeel/websocket/handshake-status'
import { SharedWebSocket } from '@evenkeel/websocket/tabs'
import type { GatewayDispatchPayload } from 'discord-api-types/v10'
import type { SocketNews } from './panel/socket-news.ts'

/** What is told of the gateway's connection. */
export interface GatewayListener {
  /** An event of the app, once and in order within a session. */
  dispatched(payload: GatewayDispatchPayload): void
  /** What happens to the connection itself. */
  news(news: SocketNews): void
  /** Things may have happened that this tab was not told of: it must ask. */
  missed(): void
}

/** How the connection stands now. */
export interface GatewayGauges {
  readonly rttMs: number | undefined
  /** Whether it is this tab that holds the connection. */
  readonly isLeader: boolean
  /** Bytes that no connection has taken yet. */
  readonly waitingBytes: number
}

/** The gateway's connection, which all tabs of one user share. */
export interface Gateway {
  gauges(): GatewayGauges
  /** Dials now, whatever it was waiting for. */
  reconnect(): void
  close(): void
}

export interface GatewayOptions {
  readonly url: string
  /** With `Bot `, as for the API. */
  readonly token: string
  readonly userId: string
  readonly dials: DialGateKind
  readonly budget: DialBudget
  readonly clock: Clock
  readonly random?: Random | undefined
  /** @defaultValue the platform's, which asks why after a refused handshake */
  readonly WebSocket?: WebSocketConstructor | undefined
  /** @defaultValue one for all tabs */
  readonly Socket?: SocketClass | undefined
}

/** What of a socket's class is used here; `ResilientWebSocket` is one, too. */
export type SocketClass = new (
  ...given: ConstructorParameters<typeof SharedWebSocket>
) => HandlerTarget &
  Pick<SharedWebSocket, 'rttMs' | 'bufferedAmount' | 'reconnect' | 'close'> & {
    readonly isLeader?: boolean
  }

/** Guilds, and in them messages with what they say, reactions, typing. */
const intents = (1 << 0) | (1 << 9) | (1 << 10) | (1 << 11) | (1 << 15)

/** Opens the gateway's connection, and keeps one up until it is closed. */
export function openGateway(options: GatewayOptions, listener: GatewayListener): Gateway {
  const { url, token, userId, dials, budget, clock, random, Socket = SharedWebSocket } = options
  const socket = new Socket(url, [], {
    name: `chat ${userId} ${url}`,
    session: discordGateway({ token: token.replace(/^Bot /, ''), intents }),
    dials,
    WebSocket: options.WebSocket ?? probed(url, budget),
    clock,
    random,
  })
  const { news } = listener

  socket.addEventListener('message', ({ data }) => listener.dispatched(data))
  socket.addEventListener('dialStarted', ({ detail: { attempt } }) =>
    news({ type: 'socketDialled', attempt }),
  )
  socket.addEventListener('open', () => news({ type: 'socketOpened' }))
  socket.addEventListener('disconnected', ({ detail: { failures, ...loss } }) =>
    news({ type: 'socketLost', loss, failures }),
  )
  socket.addEventListener('reconnectScheduled', ({ detail: { attempt, delayMs } }) =>
    news({ type: 'socketWaits', attempt, delayMs }),
  )
  socket.addEventListener('close', (loss) => news({ type: 'socketEnded', loss }))
  socket.addEventListener('sessionResumed', () => news({ type: 'sessionResumed' }))
  socket.addEventListener('sessionLost', ({ detail: { reason } }) =>
    news({ type: 'sessionLost', reason }),
  )
  socket.addEventListener('sessionStarted', () => {
    news({ type: 'sessionStarted' })
    listener.missed()
  })

  return {
    gauges: () => ({
      rttMs: socket.rttMs,
      isLeader: socket.isLeader ?? true,
      waitingBytes: socket.bufferedAmount,
    }),
    reconnect: () => socket.reconnect(),
    close: () => socket.close(1000),
  }
}

/** The platform's socket; a plain request to the same address tells why it was refused. */
function probed(url: string, budget: DialBudget): WebSocketConstructor {
  return probedWebSocket(url.replace(/^ws/, 'http'), {
    budget,
    // The token is in the first frame, not in a cookie; and a wildcard would not allow one.
    fetch: (input, init) => fetch(input, { ...init, credentials: 'omit' }),
  })
}
