import { describe, expect, it } from 'vitest'
import { fixedIds } from '../../src/store/store.ts'
import { gatewayWorld } from './gateway-world.ts'

const lifetimeMs = 180_000

function world(options = {}) {
  const made = gatewayWorld({ identifyWindowMs: 0, ...options })
  const first = made.connect()
  const { session_id: id } = first.identify()
  const inject = (count: number) => made.gateway.act({ kind: 'inject', count })
  const seq = () => first.frames.at(-1)?.s ?? 0
  return { ...made, first, id, inject, seq }
}

describe('a session', () => {
  it('is given a place in the stream by READY, and the guilds after it', () => {
    const { first } = world()
    expect(first.frames.map(({ op, t, s }) => [op, t, s])).toEqual([
      [10, null, null],
      [0, 'READY', 1],
      [0, 'GUILD_CREATE', 2],
      [0, 'PRESENCE_UPDATE', 3],
    ])
  })

  it('is resumed with all that it missed, in order, then RESUMED', () => {
    const { first, id, inject, connect, gateway, seq } = world()
    inject(2)
    const last = seq()
    first.leave(1006)
    inject(3)
    const second = connect()
    second.resume(id, last)
    expect(second.dispatches().map(({ t, s, d }) => [t, s, d.nonce])).toEqual([
      ['MESSAGE_CREATE', last + 1, 3],
      ['MESSAGE_CREATE', last + 2, 4],
      ['MESSAGE_CREATE', last + 3, 5],
      ['RESUMED', last + 4, undefined],
    ])
    expect(gateway.status).toMatchObject({ resumes: 1, replayed: 3, sessions: 1 })
    expect(gateway.sessions[0]?.numbers).toEqual([[1, 5]])
  })

  it('is sent again what got lost on the way before the end of the connection', () => {
    const { first, id, inject, connect, seq } = world()
    const last = seq()
    inject(2)
    first.leave(4_200)
    const second = connect()
    second.resume(id, last)
    expect(second.dispatches('MESSAGE_CREATE').map(({ d }) => d.nonce)).toEqual([1, 2])
  })

  it('stays for its lifetime after its connection is lost, and no longer', () => {
    const { first, id, connect, scheduler, gateway } = world()
    first.leave(1006)
    scheduler.advance(lifetimeMs - 1)
    expect(gateway.sessions).toHaveLength(1)
    scheduler.advance(1)
    const second = connect()
    second.resume(id, 1)
    expect(second.frames.at(-1)).toMatchObject({ op: 9, d: false })
    expect(gateway.status.resumesRefused).toBe(1)
  })

  it.each([1000, 1001])('ends at once when its client closes with %i', (code) => {
    const { first, gateway } = world()
    first.leave(code)
    expect(gateway.sessions).toEqual([])
  })

  it('can be resumed after the server has closed with 1000', () => {
    const { gateway, id, connect } = world()
    gateway.act({ kind: 'close', code: 1000 })
    const second = connect()
    second.resume(id, 3)
    expect(second.frames.at(-1)?.t).toBe('RESUMED')
  })

  it('is over when more was missed than is kept', () => {
    const { first, id, inject, connect, seq } = world({ maxReplay: 4 })
    const last = seq()
    first.leave(1006)
    inject(5)
    const second = connect()
    second.resume(id, last)
    expect(second.frames.at(-1)).toMatchObject({ op: 9, d: false })
    second.resume(id, last + 1)
    expect(second.frames.at(-1)).toMatchObject({ op: 9, d: false })
  })

  it('is resumed with just as much as is kept, however much went before', () => {
    const { first, id, inject, connect, seq } = world({ maxReplay: 4 })
    inject(100)
    const last = seq()
    first.leave(1006)
    inject(4)
    const second = connect()
    second.resume(id, last)
    expect(second.dispatches('MESSAGE_CREATE').map(({ d }) => d.nonce)).toEqual([
      101, 102, 103, 104,
    ])
  })

  it('is nobody else’s', () => {
    const { first, id, connect } = world()
    first.leave(1006)
    const thief = connect()
    thief.resume(id, 1, 'another')
    expect(thief.frames.at(-1)).toMatchObject({ op: 9, d: false })
  })

  it.each([99, '1', null, -1.5])('refuses a sequence of %j with 4007', (seq) => {
    const { first, id, connect } = world()
    first.leave(1006)
    const second = connect()
    second.resume(id, seq)
    expect(second.state.closed).toBe(4007)
  })

  it('goes to the newest connection; the one before is cut', async () => {
    const { first, id, connect, inject, gateway } = world()
    const second = connect()
    second.resume(id, 3)
    await Promise.resolve()
    expect(first.state.cut).toBe(true)
    inject(1)
    expect(second.frames.at(-1)?.d.nonce).toBe(1)
    expect(gateway.status).toMatchObject({ connections: 1, sessions: 1 })
  })

  it('is left by op 9 with true, and can be resumed on the same connection', () => {
    const { first, id, gateway, inject, seq } = world()
    const last = seq()
    gateway.act({ kind: 'invalidate', resumable: true })
    inject(1)
    expect(first.frames.at(-1)).toMatchObject({ op: 9, d: true })
    first.resume(id, last)
    expect(first.dispatches('MESSAGE_CREATE').map(({ d }) => d.nonce)).toEqual([1])
  })

  it('leaves its voice channel, and goes offline, when it ends', () => {
    const { first, store, gateway, connect } = world()
    const watcher = connect()
    watcher.identify({ token: 'watcher' })
    const d = { guild_id: fixedIds.guild, channel_id: fixedIds.voiceChannel }
    first.send(4, { ...d, self_mute: false, self_deaf: false })
    expect(store.guilds.get(fixedIds.guild)?.voice.size).toBe(1)
    first.leave(1000)
    expect(watcher.dispatches('VOICE_STATE_UPDATE').map((each) => each.d.channel_id)).toEqual([
      fixedIds.voiceChannel,
      null,
    ])
    expect(watcher.dispatches('PRESENCE_UPDATE').at(-1)?.d.status).toBe('offline')
    expect(gateway.sessions).toHaveLength(1)
  })

  it('leaves no timer and no session when the Gateway closes', () => {
    const { first, gateway, scheduler, connect } = world()
    first.leave(1006)
    connect().identify()
    gateway.act({ kind: 'inject', count: 10, intervalMs: 100 })
    gateway.close()
    for (const connection of gateway.connections) gateway.disconnected(connection, 1006)
    expect([gateway.sessions.length, scheduler.pending]).toEqual([0, 0])
  })
})
