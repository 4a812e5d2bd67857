import { describe, expect, it } from 'vitest'
import { fixedIds } from '../../src/store/store.ts'
import { gatewayWorld } from './gateway-world.ts'

const ready = (options = {}) => {
  const world = gatewayWorld({ identifyWindowMs: 0, ...options })
  const client = world.connect()
  client.identify()
  return { ...world, client }
}

describe('a connection is greeted', () => {
  it('with HELLO and the interval of heartbeats', () => {
    const { connect } = gatewayWorld({ heartbeatIntervalMs: 1_234 })
    expect(connect().frames).toMatchObject([{ op: 10, d: { heartbeat_interval: 1_234 } }])
  })
})

describe('a connection is closed with', () => {
  const before = (
    act: (client: ReturnType<ReturnType<typeof gatewayWorld>['connect']>) => void,
  ) => {
    const client = gatewayWorld({ identifyWindowMs: 0 }, ['token']).connect()
    act(client)
    return client.state.closed
  }

  it.each([
    [4001, 'an unknown opcode', '{"op":5,"d":null}'],
    [4001, 'an opcode only the server may send', '{"op":10,"d":null}'],
    [4002, 'no JSON', '{'],
    [4002, 'JSON that is no object', '[1]'],
    [4002, 'a frame over 4,096 bytes', JSON.stringify({ op: 1, d: 'x'.repeat(4_096) })],
    [4002, 'an IDENTIFY of nothing', '{"op":2,"d":null}'],
    [4003, 'a command before IDENTIFY', '{"op":3,"d":{}}'],
    [4004, 'a token that is none', '{"op":2,"d":{"token":"bad","intents":0}}'],
    [4004, 'a RESUME with one', '{"op":6,"d":{"token":"bad","session_id":"x","seq":1}}'],
    [4010, 'a shard beyond the last', '{"op":2,"d":{"token":"token","intents":0,"shard":[2,2]}}'],
    [4010, 'a shard that is none', '{"op":2,"d":{"token":"token","intents":0,"shard":[0]}}'],
    [4013, 'intents that do not exist', '{"op":2,"d":{"token":"token","intents":131072}}'],
    [4013, 'no intents', '{"op":2,"d":{"token":"token"}}'],
  ])('%i for %s', (code, _what, text) => {
    expect(before((client) => client.sendText(text))).toBe(code)
  })

  it('4002 for a command that cannot be read', () => {
    const { client } = ready()
    client.send(8, { guild_id: 'x' })
    expect(client.state.closed).toBe(4002)
  })

  it('4005 for a second IDENTIFY, and for a RESUME after it', () => {
    for (const op of [2, 6]) {
      const { client } = ready()
      client.send(op, { token: 'token' })
      expect(client.state.closed).toBe(4005)
    }
  })

  it('4011 for too few shards, and 4014 for intents that are not allowed', () => {
    const few = gatewayWorld({ requiredShards: 3 }).connect()
    few.identify({ shard: [0, 2] })
    expect(few.state.closed).toBe(4011)
    const privileged = gatewayWorld({ allowedIntents: 1 }).connect()
    privileged.identify({ intents: 3 })
    expect(privileged.state.closed).toBe(4014)
  })

  it.each(['5', '11', 'x'])('4012 for version %s', (version) => {
    expect(gatewayWorld().connect(version).state.closed).toBe(4012)
  })

  it('4008 for the frame after 120 within a minute, whose count then begins anew', () => {
    const { client, scheduler } = ready()
    for (let sent = 1; sent < 120; sent++) client.send(3, { status: 'online' })
    expect(client.state.closed).toBeUndefined()
    scheduler.advance(60_000)
    for (let sent = 0; sent < 120; sent++) client.send(3, { status: 'online' })
    expect(client.state.closed).toBeUndefined()
    client.send(3, { status: 'online' })
    expect(client.state.closed).toBe(4008)
  })

  it('4009 when a heartbeat is overdue, and its session can be resumed', () => {
    const { client, scheduler, gateway } = ready({
      heartbeatIntervalMs: 1_000,
      heartbeatGraceMs: 500,
    })
    scheduler.advance(1_400)
    client.send(1, 3)
    scheduler.advance(1_499)
    expect(client.state.closed).toBeUndefined()
    scheduler.advance(1)
    expect(client.state.closed).toBe(4009)
    expect(gateway.sessions).toMatchObject([{ connected: false }])
  })
})

describe('heartbeats', () => {
  it('are answered, before IDENTIFY too', () => {
    const client = gatewayWorld().connect()
    client.send(1)
    expect(client.frames.at(-1)).toEqual({ op: 11, d: null, s: null, t: null })
  })

  it('never cost a client its frames while they come as asked for', () => {
    const { client, scheduler } = ready({ heartbeatIntervalMs: 100 })
    for (let beat = 0; beat < 500; beat++) {
      scheduler.advance(100)
      client.send(1)
    }
    expect(client.state.closed).toBeUndefined()
  })

  it('cost frames when they come in a hurry', () => {
    const { client } = ready()
    for (let beat = 0; beat < 120; beat++) client.send(1)
    expect(client.state.closed).toBe(4008)
  })
})

describe('an IDENTIFY', () => {
  it('finds one place per bucket of max_concurrency and five seconds', () => {
    const { connect, scheduler, gateway } = gatewayWorld({ maxConcurrency: 2 })
    const identify = (shard: number) => {
      const client = connect()
      client.identify({ shard: [shard, 4] })
      return client.frames.some(({ t }) => t === 'READY')
    }
    expect([0, 1, 2, 3].map(identify)).toEqual([true, true, false, false])
    scheduler.advance(4_999)
    expect(identify(2)).toBe(false)
    scheduler.advance(1)
    expect([2, 3].map(identify)).toEqual([true, true])
    expect(gateway.status).toMatchObject({ identifies: 4, identifiesEarly: 3 })
  })

  it('too early is answered op 9, and may be sent again on the same connection', () => {
    const { connect, scheduler } = gatewayWorld()
    connect().identify()
    const second = connect()
    second.identify()
    expect(second.frames.at(-1)).toMatchObject({ op: 9, d: false })
    scheduler.advance(5_000)
    expect(second.identify()).toBeDefined()
  })

  it('is counted for the day, and a RESUME is not', () => {
    const { connect, gateway, scheduler } = gatewayWorld({ sessionStarts: 2 })
    const first = connect()
    const { session_id: id } = first.identify()
    first.leave(1006)
    connect().resume(id, 1)
    expect(gateway.botInfo('Bot token').session_start_limit).toEqual({
      total: 2,
      remaining: 1,
      reset_after: 86_400_000,
      max_concurrency: 1,
    })
    scheduler.advance(86_399_000)
    expect(gateway.botInfo('Bot token').session_start_limit.reset_after).toBe(1_000)
    scheduler.advance(1_000)
    expect(gateway.botInfo('Bot token').session_start_limit.remaining).toBe(2)
  })

  it('beyond the last of the day ends all of the bot’s sessions with 4004', () => {
    const { connect, gateway, scheduler } = gatewayWorld({ sessionStarts: 1 })
    const first = connect()
    first.identify()
    const other = connect()
    other.identify({ token: 'other' })
    scheduler.advance(5_000)
    const second = connect()
    second.identify()
    expect([first.state.closed, second.state.closed]).toEqual([4004, 4004])
    expect(other.state.closed).toBeUndefined()
    expect(gateway.sessions).toHaveLength(1)
  })

  it('may say Bot before its token or not: it is the bot that REST knows', () => {
    const { connect, store } = gatewayWorld({ identifyWindowMs: 0 })
    const id = store.users.of('Bot token').id
    expect(connect().identify({ token: 'Bot token' }).user.id).toBe(id)
    expect(connect().identify({ token: 'token' }).user.id).toBe(id)
  })
})

describe('a voice state update', () => {
  it('into a full channel is answered with nothing', () => {
    const { client, store, connect } = ready()
    Object.assign(store.channels.get(fixedIds.voiceChannel) ?? {}, { user_limit: 1 })
    const d = { guild_id: fixedIds.guild, channel_id: fixedIds.voiceChannel }
    client.send(4, d)
    const second = connect()
    second.identify({ token: 'second' })
    second.send(4, d)
    expect(client.dispatches('VOICE_SERVER_UPDATE')).toHaveLength(1)
    expect(second.dispatches('VOICE_SERVER_UPDATE')).toEqual([])
    expect(store.guilds.get(fixedIds.guild)?.voice.size).toBe(1)
  })
})
