import { EvenkeelError } from '@evenkeel/core'
import { describe, expect, test } from 'vitest'
import type { Limit } from '../src/index.ts'
import { outcomeOf, refusal, world } from './world.ts'

const noJitter = () => 0

describe('a refusal', () => {
  test('holds new calls of its key until the wait of the server is over', async () => {
    const { clock, call, refused, starts } = world({ random: noJitter })
    await refused(7000)
    const parked = call('a')
    await clock.advance(6999)
    expect(starts).toEqual([[0, 'refused']])
    await clock.advance(1)
    expect(await parked).toBe('a')
    expect(starts[1]).toEqual([7000, 'a'])
    expect(clock.pending).toBe(0)
  })

  test('leaves other keys alone', async () => {
    const { call, refused } = world()
    await refused(7000)
    expect(await call('b', () => 'b', { key: 'other' })).toBe('b')
  })

  test('holds up to half as long again, and never shorter', async () => {
    for (const [chance, waitMs] of [
      [0, 10_000],
      [0.5, 12_500],
      [0.999, 14_995],
    ] as const) {
      const { limit, refused, key } = world({ random: () => chance })
      await refused(10_000)
      expect(limit.state(key).cooldownMs).toBe(waitMs)
    }
  })

  test('adds 30 s at most', async () => {
    const { limit, refused, key } = world({ random: () => 1 - 2 ** -53 })
    await refused(3_600_000)
    expect(limit.state(key).cooldownMs).toBeCloseTo(3_630_000, 3)
  })

  test('reaches the caller as it is', async () => {
    const { call } = world()
    const error = refusal(1000)
    await expect(call('x', () => Promise.reject(error))).rejects.toBe(error)
  })

  test('is told, with its source', async () => {
    const { events, refused } = world({ random: noJitter })
    await refused(7000)
    expect(events).toEqual([
      { type: 'cooldownStarted', key: 'api', waitMs: 7000, source: 'server' },
      { type: 'limited', key: 'api', route: 'api', tag: undefined, retryAfterMs: 7000 },
    ])
  })

  test('may be told by the host instead, and is then not counted again', async () => {
    const { limit, call, told } = world({ random: noJitter })
    await call('x', (context) => {
      limit.learn(context, { refused: true, retryAfterMs: 7000 })
      throw refusal(9000)
    }).catch(() => {})
    expect(limit.state('api').cooldownMs).toBe(7000)
    expect(told('cooldownStarted', 'limited')).toHaveLength(2)
  })

  test('of a policy further in holds nothing', async () => {
    const { limit, call } = world()
    const open = new EvenkeelError('CIRCUIT_OPEN', 'open', { throttled: true, retryAfterMs: 5000 })
    await call('x', () => Promise.reject(open)).catch(() => {})
    expect(limit.state('api').cooldownMs).toBe(0)
  })

  test('is whatever the app says it is', async () => {
    const { limit, call } = world({
      random: noJitter,
      isRefusal: ({ error }) => (error as Error).message === 'slow down',
    })
    await call('x', () => Promise.reject(new Error('slow down'))).catch(() => {})
    expect(limit.state('api').cooldownMs).toBe(1000)
  })

  test('whose judge throws has ended for the limits, too', async () => {
    const bug = new Error('bug')
    let isBusy = false
    const oneAtATime = (): Limit => ({
      code: 'BUSY',
      startAtMs: (_, nowMs) => (isBusy ? Infinity : nowMs),
      started: () => {
        isBusy = true
      },
      ended: () => {
        isBusy = false
      },
    })
    const { call, clock } = world({
      limits: [oneAtATime],
      isRefusal: () => {
        throw bug
      },
    })
    const first = call('a', () => Promise.reject(refusal(9000))).catch((error) => error)
    const second = call('b', () => 'b')
    expect(await first).toBe(bug)
    expect(await second).toBe('b')
    expect(clock.pending).toBe(0)
  })

  test('is only what it is told of, where the host says so', async () => {
    const { clock, limit, call } = world({ random: noJitter, isRefusal: false })
    await call('x', () => Promise.reject(refusal(9000))).catch(() => {})
    expect(limit.state('api').cooldownMs).toBe(0)
    limit.learn({ key: 'api', route: 'x' }, { refused: true, retryAfterMs: 2000 })
    // While it is held, failures are still counted, and hold no longer than was said.
    const held = call('x', () => Promise.reject(refusal(9000))).catch(() => 'failed')
    await clock.advance(4000)
    expect(await held).toBe('failed')
    expect(limit.state('api').cooldownMs).toBe(0)
    expect(clock.pending).toBe(0)
  })
})

describe('a refusal without a hint', () => {
  test('holds for 1 s, twice as long for each in a row, 60 s at most', async () => {
    const { clock, limit, refused } = world({ random: noJitter })
    const waits: number[] = []
    for (let round = 0; round < 9; round++) {
      await refused()
      waits.push(limit.state('api').cooldownMs)
      await clock.advance(waits.at(-1) as number)
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000])
  })

  test('starts again from 1 s after a success', async () => {
    const { clock, limit, refused, call } = world({ random: noJitter })
    await refused()
    await clock.advance(1000)
    await refused()
    await clock.advance(2000)
    await call('ok')
    await clock.advance(2000)
    await refused()
    expect(limit.state('api').cooldownMs).toBe(1000)
  })

  test('is what a hint of 0 is', async () => {
    const { limit, refused, told } = world({ random: noJitter })
    await refused(0)
    expect(limit.state('api').cooldownMs).toBe(1000)
    expect(told('cooldownStarted')).toMatchObject([{ source: 'backoff' }])
  })
})

describe('refusals of calls under way', () => {
  test('neither stack nor make the next hold longer', async () => {
    const { clock, limit, call, told } = world({ random: noJitter })
    const answers: ((error: unknown) => void)[] = []
    const calls = Array.from({ length: 40 }, (_, index) =>
      call(String(index), () => new Promise((_, reject) => answers.push(reject))).catch(() => {}),
    )
    for (const answer of answers) {
      answer(refusal(50))
      await clock.advance(10)
    }
    await Promise.all(calls)
    expect(limit.state('api').cooldownMs).toBe(40)
    expect(told('cooldownStarted')).toHaveLength(1)
    await clock.advance(1000)
    expect(await call('next')).toBe('next')
  })

  test('lengthen the hold, and never shorten it', async () => {
    const { limit, call, clock, told } = world({ random: noJitter })
    const answers: ((error: unknown) => void)[] = []
    const calls = [1, 2, 3].map((index) =>
      call(String(index), () => new Promise((_, reject) => answers.push(reject))).catch(() => {}),
    )
    answers[0]?.(refusal(5000))
    await clock.advance(0)
    answers[1]?.(refusal(1000))
    await clock.advance(0)
    expect(limit.state('api').cooldownMs).toBe(5000)
    answers[2]?.(refusal(8000))
    await Promise.all(calls)
    expect(limit.state('api').cooldownMs).toBe(8000)
    expect(told('cooldownStarted')).toHaveLength(2)
  })

  test('that come when the hold is over do not forget a longer wait', async () => {
    const { limit, call, clock } = world({ random: noJitter })
    let answer: (error: unknown) => void = () => {}
    const late = call('late', () => new Promise((_, reject) => (answer = reject))).catch(() => {})
    await call('x', () => Promise.reject(refusal(100))).catch(() => {})
    await clock.advance(200)
    answer(refusal(9000))
    await late
    expect(limit.state('api').cooldownMs).toBe(9000)
  })

  test('without a hint add nothing', async () => {
    const { limit, call } = world({ random: noJitter })
    const both = [1, 2].map(() => call('x', () => Promise.reject(refusal())).catch(() => {}))
    await Promise.all(both)
    expect(limit.state('api').cooldownMs).toBe(1000)
  })
})

describe('after the hold', () => {
  test('one call starts, then twice as many in each tenth of the ramp', async () => {
    const { clock, refused, call, starts } = world({ random: noJitter })
    await refused(10_000)
    const calls = Array.from({ length: 1000 }, (_, index) => call(String(index)))
    await clock.advance(10_000)
    const startedBy = () => starts.length - 1
    const counts = [startedBy()]
    for (let tenth = 0; tenth < 10; tenth++) {
      await clock.advance(500)
      counts.push(startedBy())
    }
    expect(counts).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000])
    expect(new Set(starts.map(([atMs]) => atMs)).size).toBe(1001)
    expect((await Promise.all(calls)).length).toBe(1000)
    expect(clock.pending).toBe(0)
  })

  test('the ramp is no longer than the hold was', async () => {
    const { clock, refused, call, starts } = world({ random: noJitter })
    await refused(100)
    const calls = Array.from({ length: 1000 }, (_, index) => call(String(index)))
    await clock.advance(200)
    await Promise.all(calls)
    expect(starts.at(-1)?.[0]).toBeLessThanOrEqual(200)
  })

  test('new calls queue behind those that wait', async () => {
    const { clock, refused, call, starts } = world({ random: noJitter })
    await refused(10_000)
    const waiting = [call('a'), call('b'), call('c')]
    await clock.advance(10_000)
    waiting.push(call('d'))
    await clock.advance(5000)
    await Promise.all(waiting)
    expect(starts.map(([, name]) => name)).toEqual(['refused', 'a', 'b', 'c', 'd'])
  })

  test('a refusal of the first holds the others again, for longer', async () => {
    const { clock, refused, call, limit, told } = world({ random: noJitter })
    await refused()
    const first = refused()
    const second = call('second')
    await clock.advance(1000)
    await first
    expect(limit.state('api')).toMatchObject({ cooldownMs: 2000, queued: 1 })
    await clock.advance(2000)
    expect(await second).toBe('second')
    expect(told('cooldownStarted', 'cooldownEnded').map(({ type }) => type)).toEqual([
      'cooldownStarted',
      'cooldownEnded',
      'cooldownStarted',
      'cooldownEnded',
    ])
  })

  test('a listener that makes a call when it hears of the end breaks nothing', async () => {
    const extra: Promise<string>[] = []
    const w = world({
      random: noJitter,
      onEvent: ({ type }) => {
        if (type === 'cooldownEnded') extra.push(w.call('extra'))
      },
    })
    await w.refused(1000)
    const waiting = [w.call('a'), w.call('b')]
    await w.clock.advance(5000)
    expect(await Promise.all([...waiting, ...extra])).toEqual(['a', 'b', 'extra'])
  })
})

describe('order', () => {
  test('the more important call goes first, then who came first', async () => {
    const { clock, refused, call, starts } = world({ random: noJitter })
    await refused(1000)
    const calls = (
      [
        ['d1', 'deferred'],
        ['i1', 'important'],
        ['c1', 'critical'],
        ['d2', 'deferred'],
        ['c2', 'critical'],
        ['i2', 'important'],
      ] as const
    ).map(([name, priority]) => call(name, () => name, { priority }))
    await clock.advance(10_000)
    await Promise.all(calls)
    expect(starts.slice(1).map(([, name]) => name)).toEqual(['c1', 'c2', 'i1', 'i2', 'd1', 'd2'])
  })

  test('a full queue sheds the least important', async () => {
    const { clock, refused, call, told } = world({ random: noJitter, maxQueued: 2 })
    await refused(1000)
    const deferred = call('d', undefined, { priority: 'deferred', tag: 7 })
    const first = call('i1')
    const critical = call('c', undefined, { priority: 'critical' })
    const second = call('i2')
    await expect(deferred).rejects.toMatchObject({
      code: 'QUEUE_FULL',
      transient: true,
      reached: 'no',
      throttled: true,
      key: 'api',
    })
    await expect(second).rejects.toMatchObject({ code: 'QUEUE_FULL' })
    await clock.advance(5000)
    expect(await Promise.all([critical, first])).toEqual(['c', 'i1'])
    expect(told('refused')).toMatchObject([
      { code: 'QUEUE_FULL', tag: 7 },
      { code: 'QUEUE_FULL', tag: undefined },
    ])
  })

  test('with no queue at all nothing waits', async () => {
    const { refused, call } = world({ maxQueued: 0 })
    await refused(1000)
    await expect(call('a')).rejects.toMatchObject({ code: 'QUEUE_FULL' })
  })
})

describe('a wait that does not fit', () => {
  test('is refused at once, with the time to come back', async () => {
    const { clock, refused, call, starts } = world({ random: noJitter })
    await refused(60_001)
    await expect(call('a')).rejects.toMatchObject({
      name: 'EvenkeelError',
      code: 'COOLDOWN_TOO_LONG',
      message: 'Not sent to api: rate limited for another 60001 ms',
      retryAfterMs: 60_001,
      retryAt: new Date(clock.wallNow() + 60_001),
      transient: true,
      reached: 'no',
    })
    expect(starts).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })

  test('counts the ramp, too', async () => {
    const { refused, call, clock } = world({ random: noJitter, maxWaitMs: 10_400 })
    await refused(10_000)
    const first = call('a')
    await expect(call('b')).rejects.toMatchObject({ retryAfterMs: 10_500 })
    await clock.advance(10_000)
    expect(await first).toBe('a')
  })

  test('is measured against the deadline of the call', async () => {
    const { refused, call } = world({ random: noJitter })
    await refused(5000)
    await expect(call('a', undefined, { deadlineMs: 4999 })).rejects.toMatchObject({
      code: 'COOLDOWN_TOO_LONG',
    })
  })

  test('is refused as soon as a longer hint makes it so', async () => {
    const { refused, call, limit } = world({ random: noJitter })
    await refused(5000)
    const waiting = call('a')
    limit.learn({ key: 'api', route: 'api' }, { refused: true, retryAfterMs: 70_000 })
    await expect(waiting).rejects.toMatchObject({ code: 'COOLDOWN_TOO_LONG', retryAfterMs: 70_000 })
  })
})

describe('abort', () => {
  test('of a call that waits is immediate, with its reason, and leaves nothing', async () => {
    const { clock, refused, call, limit, starts } = world()
    await refused(10_000)
    const controller = new AbortController()
    const reason = new Error('too late')
    const waiting = call('a', undefined, { signal: controller.signal })
    await clock.advance(300)
    controller.abort(reason)
    await expect(waiting).rejects.toBe(reason)
    expect(limit.state('api').queued).toBe(0)
    expect(clock.pending).toBe(0)
    await clock.runAll()
    expect(starts).toHaveLength(1)
  })

  test('of one call lets the others wait on', async () => {
    const { clock, refused, call } = world()
    await refused(10_000)
    const controller = new AbortController()
    const first = call('a', undefined, { signal: controller.signal })
    const second = call('b')
    controller.abort()
    await expect(first).rejects.toMatchObject({ name: 'AbortError' })
    await clock.runAll()
    expect(await second).toBe('b')
  })
})

describe('close', () => {
  test('refuses what waits, and what would have to', async () => {
    const { clock, refused, call, limit } = world()
    await refused(10_000)
    const waiting = [call('a'), call('b')]
    limit.close()
    for (const each of [...waiting, call('c')])
      await expect(each).rejects.toMatchObject({ code: 'CLOSED', retryAfterMs: undefined })
    expect(clock.pending).toBe(0)
    expect(limit.state('api').queued).toBe(0)
    expect(await call('d', undefined, { key: 'other' })).toBe('d')
  })

  test('is what leaving the scope does', async () => {
    const w = world()
    let waiting: Promise<string>
    {
      using _limit = w.limit
      await w.refused(1000)
      waiting = w.call('a')
    }
    await expect(waiting).rejects.toMatchObject({ code: 'CLOSED' })
  })

  test('reaches queues of keys that there is no more room for', async () => {
    const { clock, refused, call, limit } = world({ maxKeys: 4 })
    await refused(10_000)
    const waiting = call('a')
    for (let index = 0; index < 20; index++) await call('x', undefined, { key: `k${index}` })
    limit.close()
    await expect(waiting).rejects.toMatchObject({ code: 'CLOSED' })
    expect(clock.pending).toBe(0)
  })
})

describe('the success path', () => {
  test('reads no clock, draws no chance and tells nothing', async () => {
    const w = world({
      random: () => {
        throw new Error('drew')
      },
    })
    expect(await w.call('a')).toBe('a')
    let reads = 0
    const now = w.clock.now
    w.clock.now = () => {
      reads++
      return now()
    }
    w.limit.learn({ key: 'api', route: 'api' }, { limit: 5, remaining: 4, resetAfterMs: 5000 })
    await w.limit.execute(async () => 'b', { key: 'api' } as never)
    expect(reads).toBe(0)
    expect(w.events).toEqual([])
  })

  test('is back once a success has come after the ramp', async () => {
    const { clock, refused, call, events } = world()
    await refused(1000)
    await clock.advance(10_000)
    await call('a')
    await call('b')
    await call('c')
    expect(events.map(({ type }) => type)).toEqual(['cooldownStarted', 'limited', 'cooldownEnded'])
    expect(clock.pending).toBe(0)
  })

  test('passes a failure that says nothing of limits on', async () => {
    const { limit, call } = world()
    const error = new Error('boom')
    await expect(call('a', () => Promise.reject(error))).rejects.toBe(error)
    expect(limit.state('api')).toEqual({ cooldownMs: 0, queued: 0, buckets: [] })
  })
})

describe('events of a wait', () => {
  test('tell of the wait, its place and its end', async () => {
    const { clock, refused, call, told } = world({ random: noJitter })
    await refused(1000)
    const waiting = call('a', undefined, { tag: 'mine', route: 'r', priority: 'critical' })
    await clock.advance(1000)
    await waiting
    const facts = { key: 'api', route: 'r', tag: 'mine' }
    expect(told('parked', 'released')).toEqual([
      { type: 'parked', ...facts, priority: 'critical', waitMs: 1000, queued: 1 },
      { type: 'released', ...facts },
    ])
  })
})

test('a listener that closes the limit while a call is being parked is obeyed', async () => {
  const w = world({
    onEvent: ({ type }) => {
      if (type === 'parked') w.limit.close()
    },
  })
  await w.refused(1000)
  expect(await outcomeOf(w.call('a'))).toMatchObject({ code: 'CLOSED' })
  expect(w.clock.pending).toBe(0)
})

test.each([
  [{ maxWaitMs: -1 }, 'rateLimit: maxWaitMs must be a number ≥ 0, got -1'],
  [{ maxQueued: Number.NaN }, 'rateLimit: maxQueued must be a number ≥ 0, got NaN'],
  [{ rampMs: '5' as never }, 'rateLimit: rampMs must be a number ≥ 0, got 5'],
])('refuses %o at creation', (options, message) => {
  expect(() => world(options)).toThrow(new RangeError(message))
})
