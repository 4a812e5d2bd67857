import { circuitBreaker, consecutiveFailures } from '@evenkeel/circuit-breaker'
import { timeout } from '@evenkeel/core'
import { manualClock, seededRandom } from '@evenkeel/core/testing'
import { costWeightedBudget } from '@evenkeel/retry'
import { describe, expect, it, vi } from 'vitest'
import {
  afterLoss,
  heartbeat,
  type Loss,
  newConnect,
  resilientSocket,
  defaultConnectRules as rules,
  sharedDials,
} from '../src/index.ts'
import { fakeSignals, world } from './world.ts'

/** Opens, and stays up long enough to count as stable. */
async function stable(options: Parameters<typeof world>[0] = {}, chance: number | 'seeded' = 0.5) {
  const w = world(options, chance)
  await w.accept()
  await w.clock.advance(5000)
  return w
}

describe('a loss', () => {
  it('is told with its code, reason, phase and cause, and the next dial is announced', async () => {
    const w = await stable()
    w.inner.end(1011, 'oops')
    expect(w.events('disconnected')).toMatchObject([
      { code: 1011, reason: 'oops', wasClean: true, phase: 'open', cause: 'server', failures: 1 },
    ])
    expect(w.events('reconnectScheduled')).toMatchObject([{ attempt: 2, delayMs: 2500 }])
    expect(w.socket.state).toBe('waiting')
    await w.clock.advance(2500)
    await w.accept()
    expect(w.events('opened').map(({ isReconnect }) => isReconnect)).toEqual([false, true])
  })

  it('of the line is 1006, not clean, with the error', async () => {
    const w = await stable()
    const reset = new Error('reset')
    w.inner.cut(reset)
    expect(w.events('disconnected')).toMatchObject([
      { code: 1006, wasClean: false, cause: 'network', error: reset },
    ])
  })

  it('of the line is 1006 where the platform says 0, as Deno does', async () => {
    const w = await stable()
    w.inner.end(0)
    expect(w.events('disconnected')).toMatchObject([
      { code: 1006, wasClean: false, cause: 'network' },
    ])
  })

  it.each(['offline', 'hidden'] as const)('of the line while %s says so', async (signal) => {
    const w = await stable()
    w.signals.tell(signal)
    w.inner.cut()
    expect(w.events('disconnected')).toMatchObject([{ cause: signal }])
  })

  it('with a fatal code is the last', async () => {
    const w = await stable({ reconnect: { closeCodes: { 4004: 'stop' } } })
    w.inner.end(4004, 'no')
    expect(w.events('closed')).toMatchObject([{ code: 4004, cause: 'server', stop: 'closeCode' }])
    expect([w.socket.state, w.clock.pending, w.signals.listeners.size]).toEqual(['closed', 0, 0])
  })

  it('is the last without reconnect', async () => {
    const w = await stable({ reconnect: false })
    w.inner.end(1011)
    expect(w.events('closed')).toMatchObject([{ stop: 'retriesExhausted' }])
    expect(w.types()).toEqual(['dialStarted', 'opened', 'closed'])
  })

  it('takes the advice in the reason of the Close frame', async () => {
    const w = await stable()
    w.inner.end(1012, '{"retryAfterMs":40000,"windowMs":100000}')
    expect(w.events('reconnectScheduled')[0]?.delayMs).toBe(90_000)
  })

  it.each(['{', '{"retryAfterMs":-1,"windowMs":"x"}', 'null', '{"retryAfterMs":null}'])(
    'takes no advice from %s',
    async (reason) => {
      const w = await stable()
      w.inner.end(1011, reason)
      expect(w.events('reconnectScheduled')[0]?.delayMs).toBe(2500)
    },
  )

  it('takes advice given by the app', async () => {
    const w = await stable()
    w.socket.advise({ windowMs: 60_000 })
    w.inner.cut()
    expect(w.events('reconnectScheduled')[0]?.delayMs).toBe(30_000)
  })

  it('grows the waits until a connection was up for 5 s', async () => {
    const w = await stable()
    for (const upMs of [4999, 5000, 0]) {
      w.inner.cut()
      await w.untilDial()
      await w.accept()
      await w.clock.advance(upMs)
    }
    w.inner.cut()
    expect(w.events('disconnected').map(({ failures }) => failures)).toEqual([1, 2, 1, 2])
  })

  it('waits as the core decides', async () => {
    const w = world({}, 'seeded')
    await w.clock.runAll(3_600_000)
    const dials: number[] = []
    const random = seededRandom(1)
    const state = newConnect()
    const late: Loss = {
      code: 1006,
      reason: '',
      wasClean: false,
      phase: 'connecting',
      cause: 'timeout',
    }
    let nowMs = 0
    while (nowMs < 3_600_000) {
      nowMs += 10_000
      const { delayMs } = afterLoss(state, late, rules, nowMs, random, () => true)
      dials.push(delayMs)
      nowMs += delayMs
    }
    const told = w.events('reconnectScheduled').map(({ delayMs }) => delayMs)
    expect(told.length).toBeGreaterThan(10)
    expect(told).toEqual(dials.slice(0, told.length))
  })
})

describe('a dial', () => {
  it('that hangs fails after 10 s', async () => {
    const w = world()
    await w.clock.advance(10_000)
    expect(w.events('disconnected')).toMatchObject([{ phase: 'connecting', cause: 'timeout' }])
    expect(w.inner.closed).toHaveLength(1)
    w.inner.accept()
    expect(w.socket.state).toBe('waiting')
  })

  it.each([
    ['hangs', () => new Promise<string>(() => {}), 10_000, 'timeout'],
    ['rejects', () => Promise.reject(new Error('no token')), 0, 'provider'],
    [
      'throws',
      () => {
        throw new Error('no token')
      },
      0,
      'provider',
    ],
    ['gives no URL', () => 'nonsense', 0, 'provider'],
  ])('whose provider %s is a failed dial', async (_name, url, afterMs, cause) => {
    const w = world({}, 0.5, url)
    await w.clock.advance(afterMs)
    expect(w.events('disconnected')).toMatchObject([{ phase: 'connecting', cause }])
    await w.clock.advance(60_000)
    expect(w.events('dialStarted').length).toBeGreaterThan(1)
  })

  it('asks its providers each time, and says when new credentials are wanted', async () => {
    const asked: unknown[] = []
    const w = world({ protocols: async () => ['a'] }, 0.5, ({ attempt, isRefresh }) => {
      asked.push([attempt, isRefresh])
      return `wss://server.test/?n=${attempt}`
    })
    await w.accept()
    expect([w.inner.url, w.inner.protocols]).toEqual(['wss://server.test/?n=1', ['a']])
    w.inner.end(3000)
    await w.clock.advance(5000)
    expect(asked).toEqual([
      [1, false],
      [2, true],
    ])
    await w.accept()
    w.inner.end(3000)
    expect(w.events('closed')).toMatchObject([{ stop: 'unauthorized' }])
  })

  it('aborts the signal of a provider when nobody waits for it any more', async () => {
    let reason: AbortSignal | undefined
    const w = world({}, 0.5, ({ signal }) => {
      reason = signal
      return new Promise(() => {})
    })
    await w.clock.advance(1)
    w.socket.close()
    expect(reason?.aborted).toBe(true)
  })

  it('of a socket that cannot be made is the last', async () => {
    class Broken {
      constructor() {
        throw new SyntaxError('no')
      }
    }
    const w = world({ WebSocket: Broken as never })
    await w.clock.advance(0)
    expect(w.events('closed')).toMatchObject([{ cause: 'provider', stop: 'cannotDial' }])
  })

  it('goes through the policy, by the origin; an open circuit says when', async () => {
    const clock = manualClock()
    const breaker = circuitBreaker({
      trip: consecutiveFailures({ threshold: 2 }),
      openMs: 30_000,
      clock,
      random: () => 0.5,
    })
    const w = world({ dials: sharedDials({ policy: breaker }), clock })
    await clock.advance(0)
    w.inner.accept()
    expect(breaker.state('http://server.test')).toBe('closed')
    for (let each = 0; each < 3; each++) {
      w.inner.cut()
      await clock.advance(w.events('reconnectScheduled').at(-1)?.delayMs ?? 0)
    }
    expect(breaker.state('http://server.test')).toBe('open')
    const refusal = w.events('disconnected').at(-1) as Loss
    expect(refusal.cause).toBe('policy')
    expect(refusal.retryAfterMs).toBeGreaterThan(0)
    expect(w.sockets).toHaveLength(3)
  })

  it('that a policy gives up is let go of', async () => {
    const clock = manualClock()
    const w = world({ dials: sharedDials({ policy: timeout(1000, { clock }) }), clock })
    await clock.advance(1000)
    expect(w.events('disconnected')).toMatchObject([{ cause: 'policy', phase: 'connecting' }])
    expect(w.inner.closed).toHaveLength(1)
  })

  it('that a policy tries again happens once', async () => {
    const twice = {
      name: 'twice',
      execute: <T>(next: (c: never) => Promise<T>, context: never) =>
        next(context).catch(() => next(context)),
    }
    const w = world({ dials: sharedDials({ policy: twice as never }) })
    await w.clock.advance(0)
    w.inner.cut()
    await w.clock.advance(0)
    expect([w.sockets.length, w.events('disconnected').length]).toEqual([1, 1])
  })

  it('that a policy holds back or cuts short ends by it', async () => {
    const held = { name: 'held', execute: () => new Promise<never>(() => {}) }
    const w = world({ dials: sharedDials({ policy: held }) })
    await w.clock.advance(60_000)
    expect(w.sockets).toHaveLength(0)
    w.socket.close()
    await w.clock.advance(0)
    expect(w.events('closed')).toMatchObject([{ cause: 'user', stop: 'closed' }])
    expect(w.clock.pending).toBe(0)
  })

  it('after a failed one is paid from the budget; without, the next comes at the slowest pace', async () => {
    const calls: string[] = []
    const budget = {
      onCall: () => calls.push('call'),
      onSuccess: () => calls.push('success'),
      onFailure: (key: string) => calls.push(`failure of ${key}`),
      tryTake: () => calls.push('take') < 6,
    }
    const w = world({ dials: sharedDials({ budget, key: 'shared' }) })
    await w.clock.advance(0)
    for (let each = 0; each < 3; each++) {
      w.inner.cut()
      await w.untilDial()
    }
    expect(w.events('reconnectScheduled').map(({ delayMs }) => delayMs)).toEqual([
      2500, 11_250, 22_500,
    ])
    expect(calls.slice(0, 3)).toEqual(['call', 'failure of shared', 'call'])
    await w.accept()
    expect(calls.at(-1)).toBe('success')
    w.socket.close()
    const shared = world({ dials: sharedDials({ budget: costWeightedBudget() }) })
    await shared.accept()
    expect(shared.socket.state).toBe('open')
  })
})

describe('the platform', () => {
  it('online or visible again: dials at once', async () => {
    for (const signal of ['online', 'visible', 'woke'] as const) {
      const w = await stable()
      w.inner.cut()
      w.signals.tell(signal)
      await w.clock.advance(125)
      expect(w.sockets).toHaveLength(2)
    }
  })

  it('online again does not shorten a wait for the sake of the server', async () => {
    const w = await stable()
    w.inner.end(1013)
    w.signals.tell('online')
    await w.clock.advance(44_999)
    expect(w.sockets).toHaveLength(1)
    await w.clock.advance(1)
    expect(w.sockets).toHaveLength(2)
  })

  it('that comes and goes does not make a dial of each', async () => {
    const w = await stable()
    w.inner.cut()
    for (let each = 0; each < 10; each++) {
      w.signals.tell('offline')
      w.signals.tell('online')
      await w.clock.advance(400)
      if (w.inner.readyState === 0) w.inner.cut()
    }
    expect(w.sockets).toHaveLength(2)
  })

  it('hidden: does not dial until somebody looks, then once', async () => {
    const w = await stable()
    w.signals.tell('hidden')
    w.inner.cut()
    await w.clock.advance(1_800_000)
    expect([w.sockets.length, w.clock.pending]).toEqual([1, 0])
    w.signals.tell('visible')
    w.signals.tell('woke')
    await w.clock.advance(5000)
    expect(w.sockets).toHaveLength(2)
  })

  it('hidden: dials when told to', async () => {
    const w = await stable({ reconnect: { whileHidden: true } })
    w.signals.tell('hidden')
    w.inner.cut()
    await w.clock.advance(5000)
    expect(w.sockets).toHaveLength(2)
  })

  it('offline: dials all the same after another 30 s, as platforms are wrong about it', async () => {
    const w = await stable()
    w.signals.tell('offline')
    w.inner.cut()
    await w.clock.advance(32_499)
    expect(w.sockets).toHaveLength(1)
    await w.clock.advance(1)
    expect(w.sockets).toHaveLength(2)
  })

  it('changes nothing while a connection is being made', async () => {
    const w = world()
    await w.clock.advance(0)
    w.signals.tell('online')
    await w.clock.advance(1000)
    expect(w.sockets).toHaveLength(1)
  })
})

describe('heartbeats', () => {
  const beats = heartbeat({ intervalMs: 30_000, message: 'beat' })

  it('are sent, and a dead connection is replaced', async () => {
    const w = await stable({ heartbeat: beats })
    await w.clock.advance(10_000)
    expect(w.inner.sent).toEqual(['beat'])
    await w.clock.advance(11_000)
    expect(w.events('disconnected')).toMatchObject([{ cause: 'heartbeat', phase: 'open' }])
    expect(w.inner.closed).toHaveLength(1)
  })

  it('are answered by whatever comes in', async () => {
    const w = await stable({ heartbeat: heartbeat({ message: () => 'beat' }) })
    await w.clock.advance(10_000)
    await w.clock.advance(50)
    w.inner.say('anything')
    expect(w.socket.rttMs).toBe(50)
    await w.clock.advance(30_000)
    expect(w.inner.sent).toEqual(['beat', 'beat'])
    w.inner.cut()
    expect(w.socket.rttMs).toBe(50)
  })

  it.each([5000, 30_000])('come once an interval, when an answer may take %d ms', async (limit) => {
    const answered = heartbeat({ intervalMs: 5000, timeoutMs: limit, message: 'beat' })
    const w = world({ heartbeat: answered })
    const inner = await w.accept()
    const beatAtMs: number[] = []
    inner.send = () => {
      beatAtMs.push(w.clock.now())
      w.clock.scheduleAt(w.clock.now() + 100, () => inner.say('answer'))
    }
    await w.clock.advance(20_000)
    expect(beatAtMs).toEqual([2500, 7500, 12_500, 17_500])
  })

  it('come at once when the page wakes: a dead connection is replaced within 5 s, by one dial', async () => {
    const w = await stable({ heartbeat: beats })
    w.signals.tell('woke')
    expect(w.inner.sent).toEqual(['beat'])
    await w.clock.advance(4000)
    expect(w.events('disconnected')).toMatchObject([{ cause: 'heartbeat' }])
    w.signals.tell('visible')
    await w.clock.advance(1000)
    expect(w.sockets).toHaveLength(2)
  })

  it('that cannot be written are not answered either', async () => {
    const w = await stable({ heartbeat: beats })
    w.inner.readyState = 2
    await w.clock.advance(21_000)
    expect(w.events('disconnected')).toMatchObject([{ cause: 'heartbeat' }])
  })

  it('need a message where the socket cannot ping', () => {
    expect(() => world({ heartbeat: heartbeat() })).toThrow('heartbeat.message is needed')
  })
})

describe('close()', () => {
  it.each([
    [[], []],
    [[4000], [4000]],
    [
      [4000, 'done'],
      [4000, 'done'],
    ],
    [[undefined, 'done'], []],
  ])('given %j says %j to the peer', async (given, said) => {
    const w = world()
    const inner = await w.accept()
    w.socket.close(...(given as [number?, string?]))
    expect([inner.closed, w.socket.state]).toEqual([[said], 'closing'])
  })

  it('says goodbye, and tells the end once the peer has answered', async () => {
    const w = await stable()
    w.socket.close(4000, 'done')
    expect([w.inner.closed, w.socket.state]).toEqual([[[4000, 'done']], 'closing'])
    w.inner.say('late')
    w.inner.end(4000, 'done')
    expect(w.events('message')).toEqual([{ data: 'late' }])
    expect(w.events('closed')).toMatchObject([
      {
        code: 4000,
        reason: 'done',
        wasClean: true,
        phase: 'closing',
        cause: 'user',
        stop: 'closed',
      },
    ])
  })

  it('waits 3 s for an answer, and no longer', async () => {
    const w = await stable()
    w.socket.close()
    await w.clock.advance(3000)
    expect(w.events('closed')).toMatchObject([
      { code: 1006, wasClean: false, phase: 'closing', cause: 'timeout', stop: 'closed' },
    ])
  })

  it('ends at once when the socket underneath refuses', async () => {
    const w = await stable()
    w.inner.close = () => {
      throw new Error('no')
    }
    w.socket.close()
    expect(w.events('closed')).toMatchObject([{ phase: 'closing', cause: 'user' }])
  })

  it.each(['before the dial', 'while dialling', 'while waiting', 'while open'])(
    'leaves no timer, listener or socket %s',
    async (when) => {
      const controller = new AbortController()
      const w = world({ heartbeat: heartbeat({ message: 'beat' }), signal: controller.signal })
      void w.socket.send('queued')
      if (when !== 'before the dial') await w.clock.advance(0)
      if (when === 'while waiting') w.inner.cut()
      if (when === 'while open') w.inner.accept()
      w.socket.close()
      w.socket.close()
      if (when === 'while open') w.inner.end(1005)
      await w.clock.advance(0)
      expect(w.events('closed')).toMatchObject([{ cause: 'user', stop: 'closed' }])
      expect([w.clock.pending, w.signals.listeners.size]).toEqual([0, 0])
      for (const inner of w.sockets) {
        expect([inner.onopen, inner.onmessage, inner.onclose]).toEqual([null, null, null])
        expect(inner.readyState).toBeGreaterThan(1)
      }
      await w.clock.advance(60_000)
      expect(w.sockets.length).toBeLessThanOrEqual(1)
    },
  )

  it('is what an abort of the signal does, and what the end of a using block does', async () => {
    const controller = new AbortController()
    const w = world({ signal: controller.signal })
    await w.accept()
    controller.abort()
    w.inner.end(1005)
    expect(w.socket.state).toBe('closed')
    w.socket.reconnect()
    expect(w.socket.state).toBe('closed')
    const v = await stable()
    v.socket[Symbol.dispose]()
    expect(v.socket.state).toBe('closing')
    v.socket.reconnect()
    expect(v.socket.state).toBe('closing')
  })

  it('by a listener is obeyed', async () => {
    for (const type of ['dialStarted', 'opened', 'disconnected'] as const) {
      const w = world()
      w.socket.on(type, () => w.socket.close())
      await w.clock.advance(0)
      w.sockets[0]?.accept()
      w.sockets[0]?.end(1011)
      await w.clock.advance(60_000)
      expect([w.socket.state, w.clock.pending, w.sockets.length <= 1]).toEqual(['closed', 0, true])
    }
  })

  it.each([
    [1001, '', 'InvalidAccessError'],
    [5000, '', 'InvalidAccessError'],
    [4000, 'é'.repeat(62), 'SyntaxError'],
  ])('refuses code %d with a reason of %s', (code, reason, name) => {
    const { socket } = world()
    expect(() => socket.close(code, reason)).toThrow(expect.objectContaining({ name }))
    socket.close()
  })
})

describe('reconnect()', () => {
  it.each([0, 1])('dials now while waiting, dialling or open (%d)', async () => {
    const w = world()
    await w.clock.advance(0)
    w.socket.reconnect()
    await w.clock.advance(0)
    expect(w.sockets).toHaveLength(2)
    w.inner.accept()
    w.socket.reconnect()
    await w.clock.advance(0)
    expect(w.sockets).toHaveLength(3)
    w.inner.cut()
    w.socket.reconnect()
    await w.clock.advance(0)
    expect(w.sockets).toHaveLength(4)
    expect(w.events('disconnected').map(({ cause }) => cause)).toEqual(['user', 'user', 'network'])
    w.inner.accept()
    await w.clock.advance(60_000)
    expect(w.sockets).toHaveLength(4)
  })

  it('begins anew after the end', async () => {
    const w = world({ reconnect: { maxRetries: 0 } })
    await w.clock.advance(0)
    w.inner.cut()
    expect(w.socket.state).toBe('closed')
    w.socket.reconnect()
    await w.accept()
    expect([w.socket.state, w.signals.listeners.size]).toEqual(['open', 1])
  })
})

describe('promises', () => {
  it('opened() resolves with a connection, and rejects when there will be none', async () => {
    const w = world()
    const opened = w.socket.opened()
    await w.accept()
    await opened
    await w.socket.opened()
    const closed = w.socket.closed()
    w.socket.close()
    w.inner.end(1005)
    expect(await closed).toMatchObject({ code: 1005, stop: 'closed' })
    expect(await w.socket.closed()).toBe(await closed)
    await expect(w.socket.opened()).rejects.toMatchObject({ code: 'SOCKET_CLOSED' })
  })

  it('opened() rejects when it ends first, or its signal aborts', async () => {
    const w = world()
    const controller = new AbortController()
    const [opened, aborted] = [w.socket.opened(), w.socket.opened(controller.signal)]
    controller.abort(new Error('enough'))
    await expect(aborted).rejects.toThrow('enough')
    await expect(w.socket.closed(controller.signal)).rejects.toThrow('enough')
    w.socket.close()
    await expect(opened).rejects.toMatchObject({ code: 'SOCKET_CLOSED' })
  })

  it('send() makes one for a message that waits, and none for one that goes out at once', async () => {
    const w = world()
    const [first, second] = [w.socket.send('first'), w.socket.send('second')]
    expect(first).not.toBe(second)
    const inner = await w.accept()
    const third = w.socket.send('third', { ttlMs: 1 })
    expect(w.socket.send('fourth')).toBe(third)
    expect(await Promise.all([first, second, third])).toEqual([undefined, undefined, undefined])
    inner.bufferedAmount = 524_288
    const fifth = w.socket.send('fifth')
    expect(fifth).not.toBe(third)
    expect(inner.sent).toEqual(['first', 'second', 'third', 'fourth'])
    inner.bufferedAmount = 0
    await w.clock.advance(50)
    await fifth
    expect(inner.sent).toHaveLength(5)
  })

  it('send() rejects with what the connection throws, and tells of the message', async () => {
    const w = world()
    const inner = await w.accept()
    inner.send = () => {
      throw new Error('no')
    }
    await expect(w.socket.send('lost')).rejects.toThrow('no')
    expect(w.events('undelivered')).toEqual([{ data: 'lost', outcome: 'failed' }])
  })
})

it('a listener that throws keeps nothing from the others, and is reported', async () => {
  const report = vi.spyOn(console, 'error').mockImplementation(() => {})
  const w = world()
  const heard: unknown[] = []
  const listener = ({ data }: { data: unknown }) => heard.push(data)
  w.socket.once('message', () => {
    throw new Error('app')
  })
  w.socket.on('message', listener)
  const inner = await w.accept()
  inner.say(1)
  inner.say(2)
  w.socket.off('message', listener)
  inner.say(3)
  expect([heard, report.mock.calls.length, w.socket.state]).toEqual([[1, 2], 1, 'open'])
  report.mockRestore()
})

it('options are checked by name and value', () => {
  const make = (options: object) => () =>
    resilientSocket('ws://x.test', { ...options, signals: fakeSignals() })
  expect(make({ connectTimeoutMs: 0 })).toThrow(
    'websocket: connectTimeoutMs must be a number ≥ 1, got 0',
  )
  expect(make({ reconnect: { maxDelayMs: 1 } })).toThrow(
    'maxDelayMs must be finite and ≥ minDelayMs',
  )
  expect(make({ reconnect: { maxHerdDelayMs: 1 } })).toThrow('maxHerdDelayMs must be finite')
  expect(make({ queue: { maxBytes: Number.NaN } })).toThrow('maxBytes')
  expect(make({ protocols: ['a', 'a'] })).toThrow('distinct tokens')
  expect(make({ protocols: 'a b' })).toThrow('distinct tokens')
  for (const url of ['ftp://x.test', 'ws://x.test/#a', 'nonsense', 'ws://x.test#'])
    expect(() => resilientSocket(url)).toThrow(expect.objectContaining({ name: 'SyntaxError' }))
})
