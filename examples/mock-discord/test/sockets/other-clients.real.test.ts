import { once } from 'node:events'
import { Agent } from 'node:http'
import { REST } from '@discordjs/rest'
import { WebSocketShardEvents as Events1, WebSocketManager as Manager1 } from '@discordjs/ws'
import {
  CompressionMethod,
  WebSocketShardEvents as Events2,
  WebSocketManager as Manager2,
} from '@discordjs/ws-2'
import { type ClientOptions, Client as Eris } from 'eris'
import { Client as Oceanic } from 'oceanic.js'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Mock } from '../../src/index.ts'
import { caller, messagesPath } from '../started.ts'
import { allIntents, numbersOf, quickMock, type Raw, range } from './bot.ts'
import { until } from './until.ts'

const noThrottle = async () => ({ waitForIdentify: async () => {} })

/** What a test wants of a client: its dispatches, and to be rid of it. */
type Connect = (mock: Mock, raws: Raw[]) => Promise<() => unknown>

const discordJsWs1: Connect = async (mock, raws) => {
  const rest = new REST({ api: mock.apiUrl }).setToken('token')
  const manager = new Manager1({
    token: 'token',
    intents: allIntents,
    rest,
    buildIdentifyThrottler: noThrottle,
  })
  manager.on(Events1.Dispatch, ({ data }) => raws.push(data as Raw))
  manager.on(Events1.Error, () => {})
  await manager.connect()
  return () => manager.destroy()
}

const discordJsWs2 =
  (options: object = {}): Connect =>
  async (mock, raws) => {
    const rest = new REST({ api: mock.apiUrl }).setToken('token')
    const manager = new Manager2({
      token: 'token',
      intents: allIntents,
      rest,
      buildIdentifyThrottler: noThrottle,
      ...options,
    })
    manager.on(Events2.Dispatch, (data: unknown) => raws.push(data as Raw))
    manager.on(Events2.Error, () => {})
    await manager.connect()
    return () => manager.destroy()
  }

const oceanic: Connect = async (mock, raws) => {
  const client = new Oceanic({
    auth: 'Bot token',
    rest: { baseURL: `${mock.apiUrl}/v10` },
    gateway: { intents: allIntents, seedVoiceConnections: false, reconnectDelay: () => 50 },
  } as object)
  client.on('error', () => {})
  client.on('packet', (packet) => packet.op === 0 && raws.push(packet as Raw))
  const ready = once(client, 'ready')
  await client.connect()
  await ready
  return () => client.disconnect(false)
}

const eris: Connect = async (mock, raws) => {
  // Eris speaks HTTPS only; an agent of its user's may do as it likes.
  const agent = Object.assign(new Agent(), { protocol: 'https:', defaultPort: mock.port })
  const client = new Eris('Bot token', {
    intents: allIntents,
    rest: { domain: '127.0.0.1', baseURL: '/api/v10', agent },
  } as unknown as ClientOptions)
  client.on('error', () => {})
  client.on('rawWS', (packet) => packet.op === 0 && raws.push(packet as unknown as Raw))
  const ready = once(client, 'ready')
  await client.connect()
  await ready
  return () => {
    client.disconnect({ reconnect: false })
    agent.destroy()
  }
}

const clients: readonly (readonly [name: string, connect: Connect])[] = [
  ['@discordjs/ws 1.2', discordJsWs1],
  ['@discordjs/ws 2.0', discordJsWs2()],
  [
    '@discordjs/ws 2.0 with zlib-stream',
    discordJsWs2({ compression: CompressionMethod.ZlibNative }),
  ],
  ['@discordjs/ws 2.0 with single payloads', discordJsWs2({ useIdentifyCompression: true })],
  ['oceanic.js', oceanic],
  ['eris', eris],
]

describe.each(clients)('%s', (_name, connect) => {
  async function connected(sockets: object = {}) {
    const mock = await quickMock({ sockets })
    const raws: Raw[] = []
    const end = await connect(mock, raws)
    onTestFinished(async () => void (await end()))
    await until(() => raws.some(({ t }) => t === 'GUILD_CREATE'))
    return { mock, raws }
  }

  it('logs in and hears what is said', async () => {
    const { mock, raws } = await connected()
    await caller(mock, 'Bot another')('POST', messagesPath, { content: 'x'.repeat(2_000) })
    const message = await until(() => raws.find(({ t }) => t === 'MESSAGE_CREATE'))
    expect(message.d.content).toBe('x'.repeat(2_000))
    expect(raws[0]?.t).toBe('READY')
  })

  it('resumes without losing an event when its connection is cut, again and again', async () => {
    const { mock, raws } = await connected()
    for (let round = 1; round <= 2; round++) {
      mock.gateway.act({ kind: 'inject', count: 3 })
      await until(() => numbersOf(raws).length === 6 * round - 3)
      mock.gateway.act({ kind: 'drop' })
      mock.gateway.act({ kind: 'inject', count: 3 })
      await until(() => mock.gateway.status.resumes === round)
      await until(() => numbersOf(raws).length === 6 * round)
    }
    expect(numbersOf(raws)).toEqual(range(1, 12))
    // One that inflates payloads singly lets those that need none overtake them.
    const order = raws.map(({ s }) => s ?? 0).sort((a, b) => a - b)
    expect(order).toEqual(range(1, raws.length))
    expect(mock.gateway.status.identifies).toBe(1)
  })

  it('resumes when it is asked to reconnect', async () => {
    const { mock, raws } = await connected()
    mock.gateway.act({ kind: 'reconnect' })
    mock.gateway.act({ kind: 'inject', count: 3 })
    await until(() => mock.gateway.status.resumes === 1)
    await until(() => numbersOf(raws).length >= 3)
    expect(new Set(numbersOf(raws))).toEqual(new Set([1, 2, 3]))
  })
})
