import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { seededRandom } from '@evenkeel/core/testing'
import { type WebSocket, WebSocketServer } from 'ws'
import { ackServer, type ServerSession } from '../src/ack-server.ts'

/** How many messages go each way, and how many faults come between them. */
export const runSize = { messages: 5000, faults: 200 }

/** A server of ack sessions that sends each new one `down 0`, `down 1`, …, and breaks lines all the while. */
export async function startAckFaults(seed: number) {
  const taken = new Map<string, string[]>()
  const lines = new Map<ServerSession, WebSocket>()
  const random = seededRandom(seed)
  let isClosed = false
  let latest: WebSocket | undefined
  const pause = (delayMs: number) => new Promise((resolve) => setTimeout(resolve, delayMs))

  const breakLine = (line: WebSocket): void => {
    const dice = random()
    if (dice < 0.5) line.terminate()
    else if (dice < 0.95) line.close(4000, 'a fault')
    // Half open: it hears nothing any more, and says nothing about that.
    else line.pause()
  }

  const run = async (session: ServerSession): Promise<void> => {
    const { messages, faults } = runSize
    for (let i = 0; i < messages && !isClosed; i++) {
      session.send(`down ${i}`)
      if (i % (messages / faults) > 0) continue
      await pause(5)
      const line = lines.get(session)
      if (line) breakLine(line)
      while (lines.get(session) === line && !isClosed) await pause(5)
    }
  }

  const sessions = ackServer({
    heartbeatMs: 300,
    maxPending: 2 * runSize.messages,
    onMessage: ({ id }, data) => {
      taken.get(id)?.push(data)
    },
    onSession(session) {
      taken.set(session.id, [])
      lines.set(session, latest as WebSocket)
      run(session)
    },
  })
  const server = createServer((request, response) => {
    response.setHeader('access-control-allow-origin', '*')
    response.end(JSON.stringify(taken.get(request.url?.slice(1) ?? '') ?? []))
  })
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => {
      latest = socket
      const { type, session } = JSON.parse(String(data))
      const resumed = type === 'resume' && sessions.sessions.get(session)
      if (resumed) lines.set(resumed, socket)
    })
    sessions.accept(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    /** A WebSocket server; over HTTP, `/SESSION` tells what that session has sent. */
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      isClosed = true
      sessions.close()
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
