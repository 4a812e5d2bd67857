import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'

interface Asked {
  readonly key: string
  readonly query: URLSearchParams
  /** When `/flaky/KEY` was asked, by key. */
  readonly hits: Map<string, number[]>
  /** What `/replay/KEY` was sent, by key. */
  readonly bodies: Map<string, string[]>
  /** How many connections to `/KEY` are open, by key. */
  readonly connections: Map<string, number>
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

type Route = (request: IncomingMessage, response: ServerResponse, asked: Asked) => unknown

const routes: Record<string, Route> = {
  flaky(_request, response, { key, query, hits }) {
    const instants = [...(hits.get(key) ?? []), Date.now()]
    hits.set(key, instants)
    const fails = instants.length <= Number(query.get('failures') ?? 1)
    response.statusCode = fails ? Number(query.get('status') ?? 503) : 200
    const retryAfter = query.get('retry-after')
    if (fails && retryAfter) response.setHeader('retry-after', retryAfter)
    response.end(fails ? 'unavailable' : 'ok')
  },
  count(_request, response, { key, hits }) {
    response.end(String(hits.get(key)?.length ?? 0))
  },
  instants(_request, response, { key, hits }) {
    response.end(JSON.stringify(hits.get(key) ?? []))
  },
  connections(_request, response, { key, connections }) {
    response.end(String(connections.get(key) ?? 0))
  },
  status(_request, response, { key, query }) {
    response.writeHead(Number(key), Object.fromEntries(query)).end(`status ${key}`)
  },
  async echo(request, response) {
    const { method, headers } = request
    const body = await bodyOf(request)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ method, headers, body }))
  },
  async replay(request, response, { key, bodies }) {
    const sent = [...(bodies.get(key) ?? []), await bodyOf(request)]
    bodies.set(key, sent)
    response.statusCode = sent.length < 2 ? 503 : 200
    response.end(JSON.stringify(sent))
  },
  stall(_request, response) {
    response.writeHead(200, { 'content-length': '100' })
    response.write('half')
  },
  hang() {},
  drop(request) {
    request.socket.destroy()
  },
}

/** A server on a free loopback port. */
export interface LoopbackServer {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string
  close(): Promise<void>
}

/**
 * Starts what tests outside Node.js talk to: other runtimes and browsers. Each test takes keys of
 * its own, so that tests which share the server can't disturb one another.
 *
 * - `/flaky/KEY?failures=2&status=503&retry-after=1` fails so often (once if unsaid), then answers 200
 * - `/count/KEY` tells how often `/flaky/KEY` was asked, `/instants/KEY` when, in epoch ms
 * - `/status/429?retry-after=1` answers that status, with the query as headers
 * - `/echo` answers the method, headers and body it was sent
 * - `/replay/KEY` answers 503 once, then 200 with all the bodies it was sent
 * - `/hang` never answers, `/drop` closes the connection, `/stall` sends half a body
 * - a WebSocket gets its messages back, `drop` breaks the line, `close 4004` closes with that code; below
 *   `/status` its handshake is refused
 * - `/connections/KEY` tells how many WebSockets to `/KEY` are open
 */
export async function startLoopbackServer(): Promise<LoopbackServer> {
  const hits = new Map<string, number[]>()
  const bodies = new Map<string, string[]>()
  const connections = new Map<string, number>()
  const server = createServer((request, response) => {
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-expose-headers', '*')
    if (request.method === 'OPTIONS') {
      response.setHeader('access-control-allow-headers', '*')
      response.setHeader('access-control-allow-methods', '*')
      response.writeHead(204).end()
      return
    }
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://loopback')
    const [, name = '', key = ''] = pathname.split('/')
    const route = routes[name]
    if (route) route(request, response, { key, query: searchParams, hits, bodies, connections })
    else response.writeHead(404).end()
  })
  const sockets = new WebSocketServer({
    server,
    verifyClient: ({ req }: { req: IncomingMessage }) => !req.url?.startsWith('/status/'),
  })
  sockets.on('connection', (socket, { url = '' }) => {
    const key = url.slice(1)
    const count = (by: number): unknown => connections.set(key, (connections.get(key) ?? 0) + by)
    count(1)
    socket.on('close', () => count(-1))
    socket.on('message', (data, isBinary) => {
      const [verb, code] = isBinary ? [] : String(data).split(' ')
      if (verb === 'drop') socket.terminate()
      else if (verb === 'close') socket.close(Number(code))
      else socket.send(data, { binary: isBinary })
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      await closed
    },
  }
}
