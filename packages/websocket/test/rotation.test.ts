import { describe, expect, it, vi } from 'vitest'
import { readyWhen } from '../src/index.ts'
import { type RotateOptions, rotate } from '../src/rotation.ts'
import { type Options, world } from './world.ts'

/** A socket whose connections are replaced, with all it told of that. */
async function rotating(options: RotateOptions = {}, more: Options = {}, chance = 0.5) {
  const w = world({ rotation: rotate(options), ...more }, chance)
  const told: [string, unknown][] = []
  for (const type of ['opened', 'rotated', 'rotationFailed', 'disconnected'] as const)
    w.socket.on(type, (event) => told.push([type, event]))
  const first = await w.accept()
  return Object.assign(w, { first, news: told })
}

it('a socket whose signal has aborted ends at once, and rotates nothing', async () => {
  const w = world({ rotation: rotate(), signal: AbortSignal.abort() })
  await w.clock.advance(0)
  expect([w.socket.state, w.sockets.length, w.clock.pending]).toEqual(['closed', 0, 0])
})

describe('a connection', () => {
  it.each([
    [0, 60_000],
    [0.5, 52_500],
    [0.999, 45_015],
  ])('is replaced in the last quarter of its maximum age: chance %d', async (chance, atMs) => {
    const w = await rotating({ maxAgeMs: 60_000 }, {}, chance)
    await w.clock.advance(atMs - 1)
    expect(w.sockets).toHaveLength(1)
    await w.clock.advance(1)
    expect(w.sockets).toHaveLength(2)
  })

  it('is replaced within the time that the server advises', async () => {
    const w = await rotating()
    await w.clock.advance(10_000)
    w.socket.advise({ rotateWithinMs: 8000 })
    await w.clock.advance(4000)
    const second = w.sockets[1]
    second?.accept()
    await w.clock.advance(1999)
    expect([w.first.closed, w.socket.state]).toEqual([[], 'open'])
    await w.clock.advance(1)
    expect([w.first.closed, w.socket.state]).toEqual([[[1000]], 'open'])
    w.first.end(1000)
    expect(w.news).toEqual([
      ['opened', { isReconnect: false, protocol: '' }],
      ['opened', { isReconnect: true, protocol: '' }],
      ['rotated', { reason: 'advice', ageMs: 16_000 }],
    ])
    expect(w.clock.pending).toBe(0)
  })

  it('is replaced before its credentials run out, by fresh ones', async () => {
    const asked: boolean[] = []
    const expiresAt = () => w.clock.wallNow() + 70_000
    const w = world({ rotation: rotate({ expiresAt: () => expiresAt() }) }, 0.5, (dial) => {
      asked.push(dial.isRefresh)
      return 'ws://server.test/'
    })
    await w.accept()
    await w.clock.advance(52_499)
    expect(w.sockets).toHaveLength(1)
    await w.clock.advance(1)
    expect([w.sockets.length, asked]).toEqual([2, [false, true]])
  })

  it('is not replaced again and again for credentials of a second', async () => {
    const w = await rotating({ expiresAt: () => new Date(2022, 0, 1) })
    await w.clock.advance(4374)
    expect(w.sockets).toHaveLength(1)
    await w.clock.advance(1)
    expect(w.sockets).toHaveLength(2)
  })

  it('is not replaced without a reason, nor for credentials that nobody can date', async () => {
    const report = vi.spyOn(console, 'error').mockImplementation(() => {})
    const w = await rotating()
    const v = await rotating({
      expiresAt: () => {
        throw new Error('no token')
      },
    })
    const u = await rotating({ expiresAt: () => Number.NaN })
    for (const each of [w, v, u]) {
      await each.clock.advance(86_400_000)
      expect([each.sockets.length, each.clock.pending]).toEqual([1, 0])
    }
    expect(report).toHaveBeenCalledOnce()
    report.mockRestore()
  })

  it('is replaced by itself again and again', async () => {
    const w = await rotating({ maxAgeMs: 60_000 })
    for (let each = 0; each < 50; each++) {
      await w.clock.advance(52_500)
      w.inner.accept()
      w.sockets.at(-2)?.end(1000)
    }
    expect([w.sockets.length, w.news.filter(([type]) => type === 'rotated').length]).toEqual([
      51, 50,
    ])
    expect(w.news.some(([type]) => type === 'disconnected')).toBe(false)
    // The next rotation, and nothing else.
    expect(w.clock.pending).toBe(1)
  })
})

/** Takes it to the instant at which the second connection is open. */
async function overlapping(options: RotateOptions = {}, more: Options = {}) {
  const w = await rotating(options, more)
  w.socket.advise({ rotateWithinMs: 0 })
  await w.clock.advance(0)
  const second = w.inner
  second.accept()
  return Object.assign(w, { second })
}

describe('what is sent across the switch', () => {
  it('waits, with lingerMs 0, until the old connection is closed, and keeps its order', async () => {
    const w = await overlapping({ lingerMs: 0 })
    const sent = w.socket.send('b')
    expect([w.first.sent, w.second.sent]).toEqual([[], []])
    w.first.end(1000)
    await sent
    expect(w.second.sent).toEqual(['b'])
  })

  it('waits, with lingerMs 0, no longer than an old connection may take to close', async () => {
    const w = await overlapping({ lingerMs: 0 })
    w.socket.send('b')
    await w.clock.advance(2999)
    expect(w.second.sent).toEqual([])
    await w.clock.advance(1)
    expect(w.second.sent).toEqual(['b'])
  })

  it('goes by the new connection at once while the old one is still heard', async () => {
    const w = await overlapping()
    await w.socket.send('b')
    await w.clock.advance(1999)
    w.first.say('an answer')
    expect([w.second.sent, w.first.closed]).toEqual([['b'], []])
    await w.clock.advance(1)
    expect(w.first.closed).toEqual([[1000]])
    w.first.end(1000)
    expect(w.events('message')).toEqual([{ data: 'an answer' }])
    expect(w.clock.pending).toBe(0)
  })

  it('is told when the old connection may still have held it, and ended without an answer', async () => {
    const w = await rotating()
    w.first.bufferedAmount = 1
    await w.socket.send('a')
    w.socket.advise({ rotateWithinMs: 0 })
    await w.clock.advance(0)
    w.inner.accept()
    await w.clock.advance(5000)
    expect(w.events('undelivered')).toEqual([{ data: 'a', outcome: 'unknown' }])
    expect(w.socket.state).toBe('open')
  })

  it('by a listener of `opened` goes by the new connection', async () => {
    const w = await rotating()
    w.socket.on('opened', () => w.socket.send('subscribe'))
    w.socket.advise({ rotateWithinMs: 0 })
    await w.clock.advance(0)
    w.inner.accept()
    await w.clock.advance(0)
    expect([w.first.sent, w.inner.sent]).toEqual([[], ['subscribe']])
  })
})

describe('what comes in across the switch', () => {
  it('is heard from both connections until the old one is closed', async () => {
    const w = await overlapping()
    w.second.say(2)
    w.first.say(1)
    w.first.end(1000)
    w.second.say(3)
    expect(w.events('message').map(({ data }) => data)).toEqual([2, 1, 3])
  })

  it('is heard once by its id, whichever brings it first, and also just after the switch', async () => {
    const w = await rotating({ idOf: ({ data }) => (data as { id?: number }).id })
    w.socket.advise({ rotateWithinMs: 0 })
    await w.clock.advance(0)
    w.first.say({ id: 1 })
    w.inner.accept()
    for (const each of [{ id: 1 }, { id: 2 }, {}]) w.inner.say(each)
    for (const each of [{ id: 2 }, { id: 3 }, {}]) w.first.say(each)
    w.first.end(1000)
    w.inner.say({ id: 3 })
    await w.clock.advance(10_000)
    w.inner.say({ id: 3 })
    expect(w.events('message').map(({ data }) => (data as { id?: number }).id)).toEqual([
      1,
      2,
      undefined,
      3,
      undefined,
      3,
    ])
    expect(w.clock.pending).toBe(0)
  })

  it('is heard although its id cannot be told, and of very many ids the latest are known', async () => {
    const report = vi.spyOn(console, 'error').mockImplementation(() => {})
    const w = await rotating({
      idOf({ data }) {
        if (data === 'broken') throw new Error('no id')
        return data as number
      },
    })
    w.socket.advise({ rotateWithinMs: 0 })
    await w.clock.advance(0)
    w.first.say('broken')
    for (let id = 0; id <= 10_000; id++) w.first.say(id)
    w.inner.accept()
    for (const id of [0, 10_000]) w.inner.say(id)
    expect(w.events('message').length).toBe(10_003)
    expect(report).toHaveBeenCalledOnce()
    report.mockRestore()
  })
})

describe('with a login', () => {
  const session = readyWhen(({ data }) => data === 'welcome')

  it('the old connection is in use until the new one is ready', async () => {
    const w = world({ rotation: rotate(), session })
    const first = await w.accept()
    first.say('welcome')
    w.socket.on('opened', () => w.socket.send('login', { beforeReady: true }))
    w.socket.advise({ rotateWithinMs: 0 })
    await w.clock.advance(0)
    w.inner.accept()
    await w.socket.send('a')
    expect([first.sent, w.inner.sent, first.closed]).toEqual([['a'], ['login'], []])
    w.inner.say('welcome')
    await w.socket.send('b')
    await w.clock.advance(2000)
    expect([first.closed, w.inner.sent]).toEqual([[[1000]], ['login', 'b']])
  })
})

describe('a rotation that fails', () => {
  it('leaves the connection in use, and is tried again with growing waits', async () => {
    const w = await rotating()
    w.socket.advise({ rotateWithinMs: 0 })
    await w.clock.advance(0)
    w.inner.cut()
    await w.socket.send('a')
    expect(w.first.sent).toEqual(['a'])
    expect(w.news.at(-1)).toMatchObject(['rotationFailed', { cause: 'network', failures: 1 }])
    await w.clock.advance(2500)
    expect(w.sockets).toHaveLength(3)
    w.inner.cut()
    await w.clock.advance(11_249)
    expect(w.sockets).toHaveLength(3)
    await w.clock.advance(1)
    w.inner.accept()
    w.first.end(1000)
    expect([w.sockets.length, w.socket.state]).toEqual([4, 'open'])
    expect(w.news.at(-1)).toMatchObject(['rotated', { reason: 'advice' }])
  })

  it('for good is not tried again, and the connection in use lives on', async () => {
    const w = await rotating()
    w.socket.advise({ rotateWithinMs: 0 })
    await w.clock.advance(0)
    w.inner.end(1008)
    await w.clock.advance(86_400_000)
    expect([w.sockets.length, w.socket.state, w.clock.pending]).toEqual([2, 'open', 0])
  })

  it('waits as the server asks, and so does a reconnect', async () => {
    const w = await rotating()
    w.socket.advise({ rotateWithinMs: 0 })
    await w.clock.advance(0)
    w.inner.end(1013, '{"retryAfterMs":100000}')
    await w.clock.advance(99_999)
    w.first.cut()
    await w.clock.advance(1)
    expect(w.sockets).toHaveLength(2)
  })

  it('is counted by the gate that all dials go through', async () => {
    const seen: string[] = []
    const dials = () => ({
      pay: () => true,
      dial: () => ({
        begin: (dial: () => void) => dial(),
        opened: () => seen.push('opened'),
        ended: ({ phase }: { phase: string }) => seen.push(phase),
      }),
    })
    const w = await rotating({}, { dials })
    w.socket.advise({ rotateWithinMs: 0 })
    await w.clock.advance(0)
    w.inner.cut()
    expect(seen).toEqual(['opened', 'connecting'])
  })
})

describe('a loss meanwhile', () => {
  it('while the next connection is being made is told, and that one is used', async () => {
    const w = await rotating()
    w.socket.advise({ rotateWithinMs: 0 })
    await w.clock.advance(0)
    w.first.cut()
    expect([w.socket.state, w.news.at(-1)?.[0]]).toEqual(['connecting', 'disconnected'])
    w.inner.accept()
    await w.socket.send('a')
    await w.clock.advance(60_000)
    expect([w.sockets.length, w.inner.sent]).toEqual([2, ['a']])
    expect(w.types()).not.toContain('reconnectScheduled')
  })

  it('while the next connection logs in is no more than a rotation', async () => {
    const w = world({
      rotation: rotate(),
      session: readyWhen(({ data }) => data === 'welcome'),
    })
    const told: unknown[] = []
    w.socket.on('rotated', ({ reason }) => told.push(reason))
    const first = await w.accept()
    first.say('welcome')
    w.socket.advise({ rotateWithinMs: 0 })
    await w.clock.advance(0)
    w.inner.accept()
    first.cut()
    const sent = w.socket.send('a')
    w.inner.say('welcome')
    await sent
    expect([w.inner.sent, told, w.types()]).toEqual([
      ['a'],
      ['advice'],
      ['dialStarted', 'opened', 'message', 'dialStarted', 'opened', 'message'],
    ])
  })

  it.each([
    ['that is being made', false],
    ['that is open', true],
  ])('with a fatal code ends the next connection, %s, too', async (_, isOpen) => {
    const w = world({
      rotation: rotate(),
      session: readyWhen(({ data }) => data === 'welcome'),
    })
    const first = await w.accept()
    first.say('welcome')
    w.socket.advise({ rotateWithinMs: 0 })
    await w.clock.advance(0)
    if (isOpen) w.inner.accept()
    first.end(1008)
    expect(w.events('closed')).toMatchObject([{ code: 1008, stop: 'closeCode' }])
    expect([w.inner.closed.length, w.clock.pending]).toEqual([1, 0])
  })

  it('of the new connection while the old one is being closed is a loss', async () => {
    const w = await overlapping({ lingerMs: 0 })
    w.socket.send('b')
    w.second.cut()
    expect(w.news.at(-1)?.[0]).toBe('disconnected')
    w.first.end(1000)
    await w.untilDial()
    w.inner.accept()
    expect(w.inner.sent).toEqual(['b'])
  })
})

describe('close() and reconnect() meanwhile', () => {
  it.each([
    'before it',
    'while the next connection is being made',
    'while the old one is being closed',
    'while the old one is still heard',
  ])('close() %s leaves no timer, listener or socket', async (when) => {
    const w = await rotating(
      when === 'while the old one is still heard'
        ? { maxAgeMs: 60_000, idOf: () => 1 }
        : { maxAgeMs: 60_000, lingerMs: 0 },
    )
    if (when !== 'before it') {
      await w.clock.advance(52_500)
      if (!when.includes('being made')) w.inner.accept()
    }
    w.socket.close()
    for (const inner of w.sockets) if (inner.readyState === 2) inner.end(1005)
    await w.clock.advance(0)
    expect([w.socket.state, w.clock.pending, w.signals.listeners.size]).toEqual(['closed', 0, 0])
    for (const inner of w.sockets) {
      expect([inner.onopen, inner.onmessage, inner.onclose]).toEqual([null, null, null])
      expect(inner.readyState).toBeGreaterThan(1)
    }
    await w.clock.advance(86_400_000)
    expect(w.sockets.length).toBeLessThanOrEqual(2)
  })

  it('close() still sends what waits for the switch', async () => {
    const w = await overlapping({ lingerMs: 0 })
    const sent = w.socket.send('b')
    w.socket.close()
    await sent
    expect([w.second.sent, w.second.closed]).toEqual([['b'], [[]]])
  })

  it('close() by a listener is obeyed', async () => {
    const w = await rotating()
    w.socket.on('dialStarted', () => w.socket.close())
    w.socket.advise({ rotateWithinMs: 0 })
    await w.clock.advance(0)
    w.first.end(1005)
    expect([w.sockets.length, w.socket.state, w.clock.pending]).toEqual([1, 'closed', 0])
  })

  it('reconnect() dials at once, and once', async () => {
    const w = await rotating()
    w.socket.advise({ rotateWithinMs: 0 })
    await w.clock.advance(0)
    w.socket.reconnect()
    await w.clock.advance(0)
    expect(w.sockets).toHaveLength(3)
    w.inner.accept()
    await w.clock.advance(60_000)
    expect([w.sockets.length, w.socket.state]).toEqual([3, 'open'])
    expect(w.sockets.filter(({ readyState }) => readyState < 2)).toHaveLength(1)
  })
})

it('advice for a socket that is not open, or whose connection is being replaced, changes nothing', async () => {
  const w = world({ rotation: rotate() })
  w.socket.advise({ rotateWithinMs: 0 })
  await w.accept()
  w.socket.advise({ rotateWithinMs: 0 })
  await w.clock.advance(0)
  w.socket.advise({ rotateWithinMs: 0 })
  await w.clock.advance(1000)
  expect(w.sockets).toHaveLength(2)
})

it('a rotation that is due while the one before is not over waits for its end', async () => {
  const w = await overlapping({ lingerMs: 5000 })
  w.socket.advise({ rotateWithinMs: 0 })
  await w.clock.advance(7999)
  expect(w.sockets).toHaveLength(2)
  w.first.end(1000)
  await w.clock.advance(1)
  expect(w.sockets).toHaveLength(3)
})

it.each([
  [{ maxAgeMs: 0 }, 'rotate: maxAgeMs must be'],
  [{ lingerMs: -1 }, 'rotate: lingerMs must be'],
  [{ lingerMs: 600, maxAgeMs: 1000 }, 'rotate: lingerMs must be from 0 to half of maxAgeMs'],
])('options %o are refused', (options, message) => {
  expect(() => rotate(options)).toThrow(message)
})
