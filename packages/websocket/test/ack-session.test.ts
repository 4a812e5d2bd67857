import { manualClock } from '@evenkeel/core/testing'
import { describe, expect, it } from 'vitest'
import { ackSession } from '../src/ack.ts'
import { ackServer } from '../src/ack-server.ts'
import { resilientSocket } from '../src/index.ts'
import { pair } from './ack-pair.ts'
import { fakeNetwork } from './fake-network.ts'
import { fakeSignals } from './world.ts'

describe('an ack session', () => {
  it('starts with hello and identify, and then carries messages both ways', async () => {
    const p = pair({ session: { credentials: { token: 't' } } })
    const started = p.heard('sessionStarted')
    const sent = p.socket.send('early')
    await p.clock.advance(200)
    await sent
    p.session.send('welcome')
    await p.clock.advance(50)
    expect(started).toEqual([{ id: 's1' }])
    expect(p.session.identity).toEqual({ token: 't' })
    expect([p.atServer, p.atClient]).toEqual([['early'], ['welcome']])
  })

  it('resolves a send when the server has the message, not when it left', async () => {
    const p = pair()
    await p.clock.advance(200)
    let isSent = false
    p.socket.send('a').then(() => {
      isSent = true
    })
    await p.clock.advance(20)
    expect([p.atServer, isSent]).toEqual([['a'], false])
    await p.clock.advance(20)
    expect(isSent).toBe(true)
  })

  it('delivers what was missed, in order and once, after a gateway that was down for 3 s', async () => {
    const p = pair()
    const resumed = p.heard('sessionResumed')
    await p.clock.advance(6000)
    p.network.isUp = false
    p.network.cut()
    for (let i = 1; i <= 5; i++) p.session.send(`missed ${i}`)
    await p.clock.advance(3000)
    p.network.isUp = true
    await p.clock.advance(30_000)
    expect(resumed).toEqual([{ id: 's1' }])
    expect(p.atClient).toEqual([1, 2, 3, 4, 5].map((i) => `missed ${i}`))
  })

  it('sends again what the server may not have, and the server takes it once', async () => {
    const p = pair()
    await p.clock.advance(6000)
    const sends = ['a', 'b', 'c'].map((each) => p.socket.send(each))
    await p.clock.advance(20)
    // The server has them, and its acknowledgement is lost with the line.
    p.network.cut()
    await p.clock.advance(30_000)
    await Promise.all(sends)
    expect(p.atServer).toEqual(['a', 'b', 'c'])
  })

  it('tells what was not acknowledged when the server no longer knows the session', async () => {
    const p = pair({ server: { resumeWithinMs: 100 } })
    const [lost, undelivered] = [p.heard('sessionLost'), p.heard('undelivered')]
    await p.clock.advance(6000)
    p.network.stall()
    const sent = p.socket.send('a').catch((error) => error)
    p.network.cut()
    await p.clock.advance(30_000)
    expect(await sent).toMatchObject({ code: 'SESSION_LOST', reached: 'maybe' })
    expect(lost).toEqual([{ id: 's1', reason: 'refused by the server', undelivered: 1 }])
    expect(undelivered).toEqual([{ data: 'a', outcome: 'unknown' }])
    expect([p.ended, p.session.id]).toEqual([['s1'], 's2'])
    p.socket.send('b')
    await p.clock.advance(100)
    expect(p.atServer).toEqual(['b'])
  })

  it('drops what waits for a session that is lost, and keeps what does not', async () => {
    const p = pair({ server: { resumeWithinMs: 100 } })
    await p.clock.advance(6000)
    p.network.cut()
    const bound = p.socket.send('cursor', { sessionBound: true }).catch((error) => error)
    const free = p.socket.send('text')
    await p.clock.advance(30_000)
    await free
    expect(await bound).toMatchObject({ code: 'SESSION_LOST', reached: 'no' })
    expect(p.atServer).toEqual(['text'])
  })

  it('finds a line dead that answers no beat, and goes on over another', async () => {
    const p = pair({ server: { heartbeatMs: 5000 } })
    const disconnected = p.heard('disconnected')
    await p.clock.advance(6000)
    p.network.stall()
    const sent = p.socket.send('a')
    await p.clock.advance(60_000)
    await sent
    expect(disconnected[0]).toMatchObject({ cause: 'heartbeat' })
    expect(p.atServer).toEqual(['a'])
  })

  it('holds back when too much is unacknowledged, and goes on when there is room', async () => {
    const p = pair({ session: { maxUnacknowledged: 2 } })
    await p.clock.advance(200)
    for (const each of ['a', 'b', 'c', 'd']) p.socket.send(each)
    expect(p.socket.queuedMessages).toBe(2)
    await p.clock.advance(200)
    expect([p.socket.queuedMessages, p.atServer]).toEqual([0, ['a', 'b', 'c', 'd']])
  })

  it('gives up a connection that says no hello', async () => {
    const clock = manualClock()
    const network = fakeNetwork(clock, () => {})
    const socket = resilientSocket('ws://server.test/', {
      WebSocket: network.WebSocket,
      clock,
      random: () => 0.5,
      signals: fakeSignals(),
      session: ackSession({ handshakeTimeoutMs: 500 }),
    })
    const reasons: string[] = []
    socket.on('disconnected', ({ reason }) => reasons.push(reason))
    await clock.advance(600)
    expect(reasons).toEqual(['no hello'])
    socket.close()
    await clock.advance(5000)
    expect([socket.state, clock.pending]).toEqual(['closed', 0])
  })

  it('ends with the socket: what was clean is known to have arrived, and nothing is left', async () => {
    const p = pair()
    await p.clock.advance(200)
    const sent = p.socket.send('last')
    p.socket.close()
    await p.clock.advance(200)
    await sent
    expect(p.atServer).toEqual(['last'])
    p.server.close()
    expect([p.clock.pending, p.server.sessions.size]).toEqual([0, 0])
  })

  it('refuses binary data with what to do instead', async () => {
    const p = pair()
    await expect(p.socket.send(new ArrayBuffer(1))).rejects.toThrow(/only strings/)
  })

  it.each([
    [{ handshakeTimeoutMs: 0 }, /session: handshakeTimeoutMs/],
    [{ maxUnacknowledged: NaN }, /session: maxUnacknowledged/],
  ])('refuses the options %o', (options, message) => {
    expect(() => ackSession(options)).toThrow(message)
  })
})

describe('a server of ack sessions', () => {
  it('turns away who it does not welcome, and the client stops', async () => {
    const p = pair({
      server: {
        authenticate: () => {
          throw new Error('who?')
        },
      },
    })
    const closed = p.heard('closed')
    await p.clock.advance(500)
    expect(closed).toMatchObject([{ code: 3003, stop: 'closeCode' }])
  })

  it('ends a session whose client takes nothing for too long', async () => {
    const p = pair({ server: { maxPending: 2 } })
    const lost = p.heard('sessionLost')
    await p.clock.advance(200)
    const { session } = p
    expect([session.send('a'), session.send('b'), session.send('c')]).toEqual([true, true, false])
    await p.clock.advance(200)
    expect(lost).toMatchObject([{ reason: 'closed with 4900' }])
  })

  it('has a message again whose handler threw', async () => {
    let failures = 1
    const taken: string[] = []
    const p = pair({
      server: {
        onMessage: (_, data) => {
          if (failures-- > 0) throw new Error('disk full')
          taken.push(data)
        },
      },
    })
    await p.clock.advance(6000)
    const sent = p.socket.send('a')
    await p.clock.advance(30_000)
    await sent
    expect(taken).toEqual(['a'])
  })

  it('makes room for a new session by one that is away', async () => {
    const p = pair({ server: { maxSessions: 1 } })
    await p.clock.advance(200)
    p.network.cut()
    p.socket.close()
    resilientSocket('ws://server.test/', {
      WebSocket: p.network.WebSocket,
      clock: p.clock,
      signals: fakeSignals(),
      session: ackSession(),
    })
    await p.clock.advance(200)
    expect([p.ended, [...p.server.sessions.keys()]]).toEqual([['s1'], ['s2']])
  })

  it('closes a connection that says nothing', async () => {
    const p = pair()
    await p.clock.advance(200)
    const closed: number[] = []
    const mute = new p.network.WebSocket('ws://server.test/')
    mute.onclose = ({ code }) => closed.push(code)
    await p.clock.advance(11_000)
    expect(closed).toEqual([1008])
  })

  it.each([
    [{ resumeWithinMs: 0 }, /ackServer: resumeWithinMs/],
    [{ maxSessions: -1 }, /ackServer: maxSessions/],
  ])('refuses the options %o', (options, message) => {
    expect(() => ackServer({ onMessage: () => {}, ...options })).toThrow(message)
  })
})
