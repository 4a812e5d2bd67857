import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** A server on a free port of the loopback, and what it saw. */
export interface TestServer extends AsyncDisposable {
  readonly url: string
  /** Method, path and body of every request, in order. */
  readonly seen: { readonly method: string; readonly path: string; readonly body: string }[]
  /** How many connections were ever made. */
  readonly connections: number
  /** How many of them are open now. */
  readonly open: number
}

/** Starts a server that answers its n-th request, from 1, as `answer` says, once it has its body. */
export async function testServer(
  answer: (request: IncomingMessage, response: ServerResponse, n: number) => void,
): Promise<TestServer> {
  const seen: TestServer['seen'] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      seen.push({ method: request.method ?? '', path: request.url ?? '', body })
      answer(request, response, seen.length)
    })
  })
  server.on('connection', (socket) => {
    connections++
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    get connections() {
      return connections
    },
    get open() {
      return sockets.size
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
