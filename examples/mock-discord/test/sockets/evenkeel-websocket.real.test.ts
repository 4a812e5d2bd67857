import { type RotationKind, resilientSocket, type SocketEvents } from '@evenkeel/websocket'
import {
  type DiscordGatewayOptions,
  discordGateway,
  identifyBudget,
} from '@evenkeel/websocket/discord'
import { rotate } from '@evenkeel/websocket/rotation'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Mock, MockOptions } from '../../src/index.ts'
import type { SocketAction } from '../../src/sockets/socket-action.ts'
import { caller, messagesPath } from '../started.ts'
import { allIntents, numbersOf, quickMock, type Raw, range } from './bot.ts'
import { faultRun, faultyMock } from './fault-run.ts'
import { until } from './until.ts'

const reconnect = {
  firstWindowMs: 20,
  minDelayMs: 5,
  maxDelayMs: 40,
  herdWindowMs: 40,
  maxHerdDelayMs: 80,
}

/** A bot on evenkeel's gateway session. */
async function connect(
  mock: Mock,
  options: Partial<DiscordGatewayOptions> = {},
  rotation?: RotationKind,
) {
  const raws: Raw[] = []
  const told: [string, unknown][] = []
  const socket = resilientSocket(mock.url.replace('http', 'ws'), {
    // The registry's windows for restarts are half a minute: here a restart takes milliseconds.
    reconnect: { ...reconnect, minUptimeMs: 0, closeCodes: { 1001: 'retry', 1012: 'retry' } },
    session: discordGateway({ token: 'token', intents: allIntents, ...options }),
    rotation,
  })
  onTestFinished(() => socket.close())
  socket.on('message', ({ data }) => raws.push(data as Raw))
  const names = [
    'sessionStarted',
    'sessionResumed',
    'sessionLost',
    'disconnected',
    'closed',
    'undelivered',
  ] as const
  for (const name of names)
    socket.on(name, (event: SocketEvents[typeof name]) => told.push([name, event]))
  const heard = (name: string) => told.filter(([each]) => each === name).map(([, event]) => event)
  return { socket, raws, told, heard }
}

async function bot(mockOptions: MockOptions = {}, options: Partial<DiscordGatewayOptions> = {}) {
  const mock = await quickMock(mockOptions)
  const connected = await connect(mock, options)
  await until(() => connected.heard('sessionStarted').length > 0)
  return { mock, call: caller(mock, 'Bot another'), ...connected }
}

describe("evenkeel's session of the gateway", () => {
  it.each([false, 'zlib-stream'] as const)(
    'logs in and hears, with compress %s',
    async (compress) => {
      const { raws, call } = await bot({}, { compress })
      await call('POST', messagesPath, { content: 'grüße 🎈' })
      const heard = await until(() => raws.find(({ t }) => t === 'MESSAGE_CREATE'))
      expect(raws.slice(0, 2).map(({ t, s }) => [t, s])).toEqual([
        ['READY', 1],
        ['GUILD_CREATE', 2],
      ])
      expect(heard.d.content).toBe('grüße 🎈')
    },
  )

  it.each<[string, SocketAction]>([
    ['a dropped line', { kind: 'drop' }],
    ['op 7', { kind: 'reconnect' }],
    ['op 9 that may resume', { kind: 'invalidate', resumable: true }],
    ['a restart', { kind: 'restart', downMs: 50 }],
    ['close code 4000', { kind: 'close', code: 4000 }],
    ['close code 1001', { kind: 'close', code: 1001 }],
  ])('resumes after %s, and misses nothing', async (_, action) => {
    const { mock, raws, heard } = await bot()
    mock.gateway.act({ kind: 'inject', count: 3 })
    mock.gateway.act(action)
    mock.gateway.act({ kind: 'inject', count: 5 })
    await until(() => numbersOf(raws).length >= 8)
    expect(numbersOf(raws)).toEqual(range(1, 8))
    await until(() => heard('sessionResumed').length === 1)
    expect(heard('sessionLost')).toEqual([])
    expect(mock.gateway.status.identifies).toBe(1)
  })

  it('delivers 5 of 5 events that came while the gateway was down for 3 s', async () => {
    const { mock, raws } = await bot()
    mock.gateway.act({ kind: 'restart', downMs: 3000 })
    mock.gateway.act({ kind: 'inject', count: 5 })
    await until(() => numbersOf(raws).length >= 5)
    expect(numbersOf(raws)).toEqual(range(1, 5))
  })

  it('finds a half-open connection dead, closes it with 4000, and resumes', async () => {
    const { mock, raws, heard } = await bot({
      sockets: { heartbeatIntervalMs: 300, heartbeatGraceMs: 60_000 },
    })
    mock.gateway.act({ kind: 'half-open' })
    mock.gateway.act({ kind: 'inject', count: 2 })
    await until(() => numbersOf(raws).length >= 2)
    expect(heard('disconnected')).toMatchObject([{ cause: 'heartbeat' }])
    expect(numbersOf(raws)).toEqual([1, 2])
  })

  it('begins anew when the session is gone, and says so', async () => {
    const { mock, heard } = await bot()
    mock.gateway.act({ kind: 'invalidate', resumable: false })
    await until(() => heard('sessionStarted').length === 2)
    expect(heard('sessionLost')).toMatchObject([{ reason: 'refused by the server' }])
  })

  it.each([4007, 4009])('begins anew after %i', async (code) => {
    const { mock, heard } = await bot()
    mock.gateway.act({ kind: 'close', code })
    await until(() => heard('sessionStarted').length === 2)
    expect(heard('sessionLost')).toMatchObject([{ reason: `closed with ${code}` }])
  })

  it.each([4004, 4010, 4011, 4012, 4013, 4014])('stops for good after %i', async (code) => {
    const { mock, socket } = await bot()
    mock.gateway.act({ kind: 'close', code })
    expect(await socket.closed()).toMatchObject({ code, stop: 'closeCode' })
    expect(mock.gateway.status.identifies).toBe(1)
  })

  it('answers op 1 at once', async () => {
    const { mock } = await bot()
    const { heartbeats } = mock.gateway.status
    mock.gateway.act({ kind: 'request-heartbeat' })
    await until(() => mock.gateway.status.heartbeats > heartbeats)
  })

  it('waits its turn among shards, and never burns the last start of the day', async () => {
    const mock = await quickMock({ sockets: { identifyWindowMs: 100 } })
    const budget = identifyBudget({ total: 3, intervalMs: 150 })
    const shards = await Promise.all(
      [0, 1, 2].map((id) => connect(mock, { shard: [id, 3], identifyBudget: budget })),
    )
    const started = () => shards.filter(({ heard }) => heard('sessionStarted').length > 0)
    await until(() => started().length === 2)
    await until(() => shards.some(({ heard }) => heard('disconnected').length > 0))
    expect([started().length, budget.remaining, mock.gateway.status.identifies]).toEqual([2, 1, 2])
    const [refused] = shards.flatMap(({ heard }) => heard('disconnected'))
    expect(refused).toMatchObject({ reason: 'no session may begin now' })
  })

  it('refuses a payload that the gateway would close for', async () => {
    const { socket } = await bot()
    await expect(socket.send(JSON.stringify({ op: 3, d: 'x'.repeat(4096) }))).rejects.toThrow(
      /4096 bytes/,
    )
  })

  it('sends no faster than the gateway takes', async () => {
    const { mock, socket } = await bot()
    const presence = JSON.stringify({
      op: 3,
      d: { since: null, activities: [], status: 'idle', afk: false },
    })
    for (let i = 0; i < 130; i++) socket.send(presence)
    await until(() => socket.queuedMessages === 15)
    mock.gateway.act({ kind: 'inject', count: 1 })
    expect([socket.state, socket.queuedMessages]).toEqual(['open', 15])
  })
})

describe('a gateway session with rotation', () => {
  it('loses and doubles nothing, either way, when op 7 comes 50 times', async ({ signal }) => {
    const mock = await quickMock({ sockets: { maxReplay: 20_000 } })
    const { socket, raws, heard } = await connect(mock, {}, rotate())
    let rotated = 0
    socket.on('rotated', () => rotated++)
    const { id: guild_id } = (await until(() => raws.find(({ t }) => t === 'GUILD_CREATE'))).d
    for (let round = 0; round < 50 && !signal.aborted; round++) {
      mock.gateway.act({ kind: 'inject', count: 30 })
      mock.gateway.act({ kind: 'reconnect' })
      // Its answer is a dispatch with this nonce.
      const d = { guild_id, user_ids: [], nonce: String(round) }
      await socket.send(JSON.stringify({ op: 8, d }))
      mock.gateway.act({ kind: 'inject', count: 20 })
      const resumed = () => heard('sessionResumed').length
      await until(() => signal.aborted || Math.min(rotated, resumed()) > round, Infinity)
    }
    await until(() => numbersOf(raws).length >= 2500)
    const nonces = () => raws.flatMap(({ t, d }) => (t === 'GUILD_MEMBERS_CHUNK' ? [d.nonce] : []))
    await until(() => nonces().length >= 50)
    expect(numbersOf(raws)).toEqual(range(1, 2500))
    expect(nonces()).toEqual(range(0, 49).map(String))
    expect([heard('sessionLost'), heard('disconnected'), heard('undelivered')]).toEqual([
      [],
      [],
      [],
    ])
    expect([mock.gateway.status.identifies, mock.gateway.status.resumes]).toEqual([1, 50])
  })
})

describe('a gateway session under 200 faults', () => {
  // A busy machine may take its time.
  it('loses and doubles none of 10,000 numbered messages', {
    timeout: 900_000,
  }, async (context) => {
    const { signal } = context
    const { mock, raws, heard } = await bot(faultyMock)
    await faultRun(mock, 200, 7, signal)
    await until(() => signal.aborted || numbersOf(raws).length >= 10_000, Infinity)
    expect(numbersOf(raws)).toEqual(range(1, 10_000))
    expect(heard('sessionLost')).toEqual([])
  })
})
