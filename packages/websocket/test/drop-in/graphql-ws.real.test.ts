import { buildSchema, execute, subscribe, validate } from 'graphql'
import { type Client, createClient } from 'graphql-ws'
import { useServer } from 'graphql-ws/use/ws'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { WebSocketServer, WebSocket as Ws } from 'ws'
import { ResilientWebSocket } from '../../src/index.ts'

const schema = buildSchema('type Query { hello: String } type Subscription { ticks: Int }')

/** A real graphql-ws server that counts from where the client is. */
async function serve(port = 0) {
  const server = new WebSocketServer({ port, host: '127.0.0.1' })
  const roots = {
    query: { hello: () => 'world' },
    subscription: {
      async *ticks() {
        for (let ticks = 1; ticks <= 3; ticks++) yield { ticks }
        await new Promise(() => {})
      },
    },
  }
  // The engine is given, as the server would import a copy of its own, and refuse the schema of another.
  useServer({ schema, roots, execute, subscribe, validate }, server)
  await new Promise((resolve) => server.once('listening', resolve))
  return server
}

const portOf = (server: WebSocketServer) => (server.address() as { port: number }).port

/** Kills it as a crash does: every line is cut. */
async function kill(server: WebSocketServer): Promise<void> {
  for (const client of server.clients) client.terminate()
  await new Promise((resolve) => server.close(resolve))
}

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

describe.each([
  ['ws', Ws as never],
  ["Node's own", undefined],
])('the client of graphql-ws, given ours over %s', (_name, WebSocket) => {
  function clientOf(url: string, options = {}): Client {
    const client = createClient({
      url,
      webSocketImpl: ResilientWebSocket.with({ WebSocket, reconnect: false }),
      retryWait: () => new Promise((resolve) => setTimeout(resolve, 20)),
      ...options,
    })
    cleanups.push(() => client.dispose())
    return client
  }

  async function started(port?: number): Promise<WebSocketServer> {
    const server = await serve(port)
    cleanups.push(() => kill(server))
    return server
  }

  it('asks and is answered', async () => {
    const server = await started()
    const client = clientOf(`ws://127.0.0.1:${portOf(server)}/`)
    const answers: unknown[] = []
    for await (const answer of client.iterate({ query: '{ hello }' })) answers.push(answer)
    expect(answers).toEqual([{ data: { hello: 'world' } }])
  })

  it('comes back to a server that died, and goes on with its subscription', async () => {
    const server = await started()
    const port = portOf(server)
    // A refused dial is an `error` here as on the platform, which by default ends the client.
    const client = clientOf(`ws://127.0.0.1:${port}/`, {
      retryAttempts: 100,
      shouldRetry: () => true,
    })
    const ticks: unknown[] = []
    cleanups.push(
      client.subscribe(
        { query: 'subscription { ticks }' },
        {
          next: ({ data }) => ticks.push(data?.ticks),
          error: (error) => ticks.push(error),
          complete() {},
        },
      ),
    )
    await vi.waitUntil(() => ticks.length === 3)
    await kill(server)
    await started(port)
    await vi.waitUntil(() => ticks.length === 6)
    expect(ticks).toEqual([1, 2, 3, 1, 2, 3])
  })

  it('comes back from a cut line with the defaults', async () => {
    const server = await started()
    const client = clientOf(`ws://127.0.0.1:${portOf(server)}/`)
    const ticks: unknown[] = []
    cleanups.push(
      client.subscribe(
        { query: 'subscription { ticks }' },
        {
          next: ({ data }) => ticks.push(data?.ticks),
          error: (error) => ticks.push(error),
          complete() {},
        },
      ),
    )
    await vi.waitUntil(() => ticks.length === 3)
    for (const connection of server.clients) connection.terminate()
    await vi.waitUntil(() => ticks.length === 6)
    expect(ticks).toEqual([1, 2, 3, 1, 2, 3])
  })

  it('is told the codes that the server closes with', async () => {
    const server = await started()
    server.removeAllListeners('connection')
    server.on('connection', (socket) => socket.close(4403, 'Forbidden'))
    const client = clientOf(`ws://127.0.0.1:${portOf(server)}/`, { retryAttempts: 0 })
    const failed = client.iterate({ query: '{ hello }' }).next()
    await expect(failed).rejects.toMatchObject({ code: 4403, reason: 'Forbidden', wasClean: true })
  })
})
