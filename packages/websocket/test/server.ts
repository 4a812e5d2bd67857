import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

/** A `ws` server on a loopback port, which tests make misbehave. */
export interface TestServer {
  readonly url: string
  readonly port: number
  readonly clients: WebSocket[]
  /** What the handshakes came by. */
  readonly connections: Socket[]
  /** How many handshakes have come. */
  readonly handshakes: number
  /** Answers handshakes with a status instead; `undefined` to accept again. */
  refuse(status: number | undefined, headers?: Record<string, string>): void
  /** Answers each handshake with the status given for it; `undefined` accepts. */
  refuseBy(statusOf: () => number | undefined): void
  /** Everything received, in order. */
  readonly received: string[]
  close(): Promise<void>
}

/** Starts one; every message is echoed, but for `drop`, which breaks its line. */
export async function startServer(port = 0): Promise<TestServer> {
  const http: Server = createServer()
  const server = new WebSocketServer({ noServer: true })
  const clients: WebSocket[] = []
  const connections: Socket[] = []
  const received: string[] = []
  let handshakes = 0
  let refusal: () => [number, Record<string, string>] | undefined = () => undefined
  http.on('upgrade', (request: IncomingMessage, socket: Socket, head) => {
    handshakes++
    connections.push(socket)
    socket.on('error', () => {})
    const refused = refusal()
    if (refused) {
      const lines = Object.entries({ ...refused[1], 'content-length': '0' })
      socket.end(
        `HTTP/1.1 ${refused[0]} No\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
      )
      return
    }
    server.handleUpgrade(request, socket, head, (client) => {
      clients.push(client)
      client.on('error', () => {})
      client.on('message', (data) => {
        received.push(String(data))
        if (String(data) === 'drop') client.terminate()
        else client.send(`echo ${data}`)
      })
    })
  })
  http.listen(port, '127.0.0.1')
  await once(http, 'listening')
  const bound = (http.address() as AddressInfo).port
  return {
    url: `ws://127.0.0.1:${bound}/`,
    port: bound,
    clients,
    connections,
    received,
    get handshakes() {
      return handshakes
    },
    refuse(status, headers = {}) {
      refusal = () => (status === undefined ? undefined : [status, headers])
    },
    refuseBy(statusOf) {
      refusal = () => {
        const status = statusOf()
        return status === undefined ? undefined : [status, {}]
      }
    },
    async close() {
      for (const client of clients) client.terminate()
      const closed = once(http, 'close')
      http.close()
      http.closeAllConnections()
      await closed
    },
  }
}
