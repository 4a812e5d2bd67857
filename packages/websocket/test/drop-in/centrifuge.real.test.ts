import { Centrifuge } from 'centrifuge'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { WebSocketServer, WebSocket as Ws } from 'ws'
import { ResilientWebSocket } from '../../src/index.ts'

interface Command {
  readonly id?: number
  readonly connect?: object
  readonly subscribe?: { readonly channel: string }
  readonly publish?: { readonly channel: string; readonly data: unknown }
}

/** A server of Centrifugo's JSON protocol: connects, subscribes, and publishes to who is subscribed. */
async function serve(port = 0) {
  const server = new WebSocketServer({ port, host: '127.0.0.1' })
  let clients = 0
  server.on('connection', (socket) => {
    const say = (reply: object) => socket.send(JSON.stringify(reply))
    socket.on('message', (text) => {
      for (const line of String(text).split('\n')) {
        const { id, connect, subscribe, publish }: Command = JSON.parse(line)
        if (connect) say({ id, connect: { client: `c${++clients}`, version: '0', ping: 25 } })
        if (subscribe) say({ id, subscribe: {} })
        if (publish) {
          const push = { channel: publish.channel, pub: { data: publish.data } }
          for (const each of server.clients) each.send(JSON.stringify({ push }))
          say({ id, publish: {} })
        }
      }
    })
  })
  await new Promise((resolve) => server.once('listening', resolve))
  return server
}

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function kill(server: WebSocketServer): Promise<void> {
  for (const client of server.clients) client.terminate()
  await new Promise((resolve) => server.close(resolve))
}

async function started(port?: number): Promise<WebSocketServer> {
  const server = await serve(port)
  cleanups.push(() => kill(server))
  return server
}

const portOf = (server: WebSocketServer) => (server.address() as { port: number }).port

describe.each([
  ['ws', Ws as never],
  ["Node's own", undefined],
])('the client of centrifuge, given ours over %s', (_name, WebSocket) => {
  function connect(port: number) {
    const client = new Centrifuge(`ws://127.0.0.1:${port}/`, {
      websocket: ResilientWebSocket.with({ WebSocket, reconnect: false }),
      minReconnectDelay: 10,
      maxReconnectDelay: 50,
    })
    cleanups.push(() => client.disconnect())
    const states: string[] = []
    client.on('state', ({ newState }) => states.push(newState))
    const heard: unknown[] = []
    const news = client.newSubscription('news')
    news.on('publication', ({ data }) => heard.push(data))
    news.subscribe()
    client.connect()
    return { client, news, states, heard }
  }

  it('publishes, and hears what is published', async () => {
    const server = await started()
    const { client, news, heard } = connect(portOf(server))
    await client.ready()
    await news.ready()
    await news.publish('hello')
    expect(heard).toEqual(['hello'])
    const gone = new Promise((resolve) => client.once('disconnected', resolve))
    client.disconnect()
    expect(await gone).toMatchObject({ code: 0 })
    await vi.waitUntil(() => server.clients.size === 0)
  })

  it('comes back to a server that died, subscribed as before', async () => {
    const server = await started()
    const port = portOf(server)
    const { client, news, states, heard } = connect(port)
    await client.ready()
    await news.ready()
    await kill(server)
    await vi.waitUntil(() => client.state === 'connecting')
    await started(port)
    await client.ready()
    await news.ready()
    await news.publish('again')
    expect(heard).toEqual(['again'])
    expect(states).toEqual(['connecting', 'connected', 'connecting', 'connected'])
  })

  it('is told the code that the server closes with', async () => {
    const server = await started()
    const { client } = connect(portOf(server))
    await client.ready()
    const gone = new Promise((resolve) => client.once('disconnected', resolve))
    for (const each of server.clients) each.close(3500, 'invalid token')
    expect(await gone).toMatchObject({ code: 3500, reason: 'invalid token' })
  })
})
