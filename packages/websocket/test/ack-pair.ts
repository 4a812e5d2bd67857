import { manualClock } from '@evenkeel/core/testing'
import { ackSession } from '../src/ack.ts'
import { type AckServerOptions, ackServer, type ServerSession } from '../src/ack-server.ts'
import { type ResilientSocketOptions, resilientSocket, type SocketEvents } from '../src/index.ts'
import { fakeNetwork } from './fake-network.ts'
import { fakeSignals } from './world.ts'

/** A client and a server of the ack protocol, with a network between them. */
export function pair({
  server: serverOptions = {},
  socket: socketOptions = {},
  session: sessionOptions = {},
  chance = 0.5,
}: {
  server?: Partial<AckServerOptions>
  socket?: ResilientSocketOptions
  session?: Parameters<typeof ackSession>[0]
  chance?: number | (() => number)
} = {}) {
  const clock = manualClock()
  const atServer: string[] = []
  const ended: string[] = []
  let ids = 0
  const make = () =>
    ackServer({
      clock,
      makeId: () => `s${++ids}`,
      onMessage: (_, data) => atServer.push(data),
      onSessionEnd: ({ id }) => ended.push(id),
      ...serverOptions,
    })
  const server = make()
  const network = fakeNetwork(clock, (socket) => server.accept(socket))
  const socket = resilientSocket('ws://server.test/', {
    WebSocket: network.WebSocket,
    clock,
    random: typeof chance === 'number' ? () => chance : chance,
    signals: fakeSignals(),
    session: ackSession(sessionOptions),
    ...socketOptions,
  })
  const atClient: unknown[] = []
  socket.on('message', ({ data }) => atClient.push(data))
  const heard = <K extends keyof SocketEvents>(type: K): SocketEvents[K][] => {
    const events: SocketEvents[K][] = []
    socket.on(type, (event) => events.push(event))
    return events
  }
  return {
    clock,
    server,
    network,
    socket,
    atServer,
    atClient,
    ended,
    heard,
    get session() {
      return [...server.sessions.values()][0] as ServerSession
    },
  }
}
