import { describe, expect, it } from 'vitest'
import { NumberRanges } from '../../src/sockets/number-ranges.ts'
import { readSocketAction } from '../../src/sockets/socket-action.ts'
import { SocketCounters } from '../../src/sockets/socket-counters.ts'
import { readSocketsPatch } from '../../src/sockets/socket-options.ts'
import { gatewayWorld } from './gateway-world.ts'

function crowd(count: number) {
  const world = gatewayWorld({ identifyWindowMs: 0 })
  const clients = Array.from({ length: count }, (_, index) => {
    const client = world.connect()
    client.identify({ token: `token-${index}`, intents: 512, shard: [index % 2, 2] })
    return client
  })
  return { ...world, clients }
}

describe('an operator', () => {
  it('drops just the share that is named', () => {
    const { gateway, clients } = crowd(40)
    expect(gateway.act({ kind: 'drop', share: 0.25 }).connections).toBe(10)
    expect(clients.filter(({ state }) => state.cut)).toHaveLength(10)
  })

  it('drops others each time, and the same in each run', () => {
    const dropped = () => {
      const { gateway, clients } = crowd(40)
      gateway.act({ kind: 'drop', share: 0.25 })
      return clients.map(({ state }) => state.cut)
    }
    expect(dropped()).toEqual(dropped())
    expect(dropped().slice(0, 10)).not.toEqual(Array(10).fill(true))
  })

  it('reaches one shard', () => {
    const { gateway, clients } = crowd(4)
    gateway.act({ kind: 'close', code: 4000, shard: 1 })
    expect(clients.map(({ state }) => state.closed)).toEqual([undefined, 4000, undefined, 4000])
  })

  it('stops answering heartbeats, and heals', () => {
    const { gateway, clients } = crowd(1)
    const [client] = clients
    gateway.act({ kind: 'stop-acks' })
    client?.send(1)
    expect(client?.frames.at(-1)?.op).toBe(0)
    gateway.act({ kind: 'heal' })
    client?.send(1)
    expect(client?.frames.at(-1)?.op).toBe(11)
  })

  it('asks to reconnect, and closes those that stay', () => {
    const { gateway, clients, scheduler } = crowd(2)
    gateway.act({ kind: 'reconnect', closeAfterMs: 3_000 })
    expect(clients.map(({ frames }) => frames.at(-1)?.op)).toEqual([7, 7])
    clients[0]?.leave(4000)
    scheduler.advance(3_000)
    expect(clients.map(({ state }) => state.closed)).toEqual([undefined, 4000])
  })

  it('asks for a heartbeat', () => {
    const { gateway, clients } = crowd(1)
    gateway.act({ kind: 'request-heartbeat' })
    expect(clients[0]?.frames.at(-1)).toMatchObject({ op: 1 })
  })

  it('posts numbered messages one by one, and knows to whom', () => {
    const { gateway, clients, scheduler } = crowd(2)
    expect(gateway.act({ kind: 'inject', count: 3, intervalMs: 10 })).toMatchObject({
      first: 1,
      last: 3,
    })
    expect(gateway.act({ kind: 'inject', count: 1 })).toMatchObject({ first: 4, last: 4 })
    scheduler.advance(20)
    const shard = gateway.sessions.findIndex(({ numbers }) => numbers.length > 0)
    const got = clients[shard]?.dispatches('MESSAGE_CREATE').map(({ d }) => [d.content, d.nonce])
    // Without the intent a message says nothing; its number is there all the same.
    expect(got).toEqual([
      ['', 1],
      ['', 4],
      ['', 2],
      ['', 3],
    ])
    expect(gateway.sessions[shard]?.numbers).toEqual([
      [1, 1],
      [4, 4],
      [2, 3],
    ])
    expect(gateway.sessions[1 - shard]?.numbers).toEqual([])
  })

  it('cannot post where there is no channel', () => {
    const { gateway } = crowd(0)
    expect(() => gateway.act({ kind: 'inject', count: 1, channel: '5' })).toThrow(
      new RangeError('there is no channel 5'),
    )
  })

  it('resets to the first options with nothing counted, and leaves connections be', () => {
    const { gateway } = crowd(3)
    gateway.configure({ acks: false, sendLimit: 5 })
    gateway.reset()
    expect(gateway.options).toMatchObject({ acks: true, sendLimit: 120, identifyWindowMs: 0 })
    expect(gateway.status).toMatchObject({ connections: 3, identifies: 0 })
  })
})

describe('what an operator says is read', () => {
  it.each([
    [{ kind: 'explode' }, "action: kind must be 'drop' | 'close' | "],
    [{ kind: 'close' }, 'action needs code'],
    [{ kind: 'close', code: 99 }, 'action: code must be an integer from 1000 to 4999, got 99'],
    [{ kind: 'drop', share: 2 }, 'action: share must be a number from 0 to 1, got 2'],
    [{ kind: 'drop', code: 4000 }, 'action has no code; it has share, shard'],
    [{ kind: 'handshakes', fault: {} }, 'action: fault needs kind'],
    [undefined, 'action: kind must be '],
  ])('%j is refused', (value, message) => {
    expect(() => readSocketAction(value, 'action')).toThrow(message)
  })

  it.each([
    { kind: 'drop', share: 0.5, shard: 1 },
    { kind: 'invalidate', resumable: true },
    { kind: 'restart', downMs: 500, sessions: 'lose' },
    { kind: 'handshakes', fault: { kind: 'refuse', status: 429, retryAfterMs: 5_000 } },
    { kind: 'heal' },
  ])('%j is done', (value) => {
    expect(readSocketAction(value, 'action')).toEqual(value)
  })

  it('and so are the options, where null is no limit', () => {
    expect(readSocketsPatch({ connectionLimit: null }, 'sockets')).toEqual({
      connectionLimit: Number.POSITIVE_INFINITY,
    })
    expect(() => readSocketsPatch({ maxConcurrency: 0 }, 'sockets')).toThrow(
      'sockets: maxConcurrency must be an integer ≥ 1, got 0',
    )
  })
})

describe('counters', () => {
  it('know how many upgrades failed within the last minute', () => {
    let nowMs = 0
    const counters = new SocketCounters(() => nowMs)
    counters.failed('overLimit')
    nowMs = 30_000
    counters.failed('refused')
    counters.failed('refused')
    expect(counters.upgradeFailuresLastMinute).toBe(3)
    nowMs = 60_000
    expect(counters.upgradeFailuresLastMinute).toBe(2)
    nowMs = 90_000
    expect(counters.upgradeFailuresLastMinute).toBe(0)
    expect(counters.snapshot().upgradeFailures).toMatchObject({ overLimit: 1, refused: 2 })
  })

  it('keep numbers that follow one another as one range', () => {
    const numbers = new NumberRanges()
    for (const number of [1, 2, 3, 7, 8, 5]) numbers.add(number)
    expect(numbers.ranges).toEqual([
      [1, 3],
      [7, 8],
      [5, 5],
    ])
    expect([numbers.count, [...numbers]]).toEqual([6, [1, 2, 3, 7, 8, 5]])
  })
})
