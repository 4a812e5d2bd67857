import { type CallContext, compose, type Next } from '@evenkeel/core'
import { seededRandom } from '@evenkeel/core/testing'
import { retry } from '@evenkeel/retry'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { batch, resultsById } from '../src/index.ts'
import { ending, failure, heldLoad, tick, world } from './world.ts'

describe('a batch', () => {
  it('loads the keys of one tick at once, and gives each caller its own value', async () => {
    const { letters, loads, events } = world()
    const calls = ['a', 'b', 'c'].map((key) => letters.load(key))
    expect(await Promise.all(calls)).toEqual(['A', 'B', 'C'])
    expect(loads).toEqual([['a', 'b', 'c']])
    expect(events).toEqual([{ type: 'batchSent', trigger: 'window', size: 3, callers: 3 }])
  })

  it('gathers what comes a few awaits later in the same tick', async () => {
    const { letters, loads } = world()
    const late = async () => {
      await undefined
      await undefined
      return letters.load('b')
    }
    expect(await Promise.all([letters.load('a'), late()])).toEqual(['A', 'B'])
    expect(loads).toEqual([['a', 'b']])
  })

  it('asks for a key once however many want it, and asks again in the next batch', async () => {
    const { letters, loads, events } = world()
    expect(await Promise.all([letters.load('a'), letters.load('a')])).toEqual(['A', 'A'])
    expect(await letters.load('a')).toBe('A')
    expect(loads).toEqual([['a'], ['a']])
    expect(events[0]).toMatchObject({ size: 1, callers: 2 })
  })

  it.each([2, 15, 16, 17, 99])('asks once for each of %d keys that come twice', async (count) => {
    const { letters, loads, events } = world()
    const keys = Array.from({ length: count }, (_, i) => `k${i}`)
    const twice = [...keys, ...[...keys].reverse()]
    const values = await Promise.all(twice.map((key) => letters.load(key)))
    expect(values).toEqual(twice.map((key) => key.toUpperCase()))
    expect(loads).toEqual([keys])
    expect(events[0]).toMatchObject({ size: count, callers: 2 * count })
  })

  it.each([1, 15, 16, 40])('asks for a key again that was left, among %d', async (count) => {
    const { letters, loads } = world()
    const leaving = new AbortController()
    const left = ending(letters.load('k0', { signal: leaving.signal }))
    const others = Array.from({ length: count }, (_, i) => letters.load(`k${i + 1}`))
    leaving.abort('gone')
    const again = [letters.load('k0'), letters.load('k0')]
    expect(await left).toEqual({ error: 'gone' })
    expect(await Promise.all(again)).toEqual(['K0', 'K0'])
    await Promise.all(others)
    expect(loads.map((keys) => [...keys].sort())).toEqual([
      [...others.map((_, i) => `k${i + 1}`), 'k0'].sort(),
    ])
  })

  it('waits for a window that it is given', async () => {
    const { letters, loads, clock } = world({ window: 20 })
    const first = letters.load('a')
    await clock.advance(19)
    const second = letters.load('b')
    expect(loads).toEqual([])
    await clock.advance(1)
    expect(await Promise.all([first, second])).toEqual(['A', 'B'])
    expect(loads).toEqual([['a', 'b']])
    expect(clock.pending).toBe(0)
  })

  it('is sent as soon as it is full', async () => {
    const { letters, loads, events } = world({ window: 1000, maxSize: 2 })
    const calls = ['a', 'b', 'c'].map((key) => letters.load(key))
    expect(await Promise.all(calls.slice(0, 2))).toEqual(['A', 'B'])
    letters.flush()
    expect(await calls[2]).toBe('C')
    expect(loads).toEqual([['a', 'b'], ['c']])
    expect(events.map((event) => event.type === 'batchSent' && event.trigger)).toEqual([
      'full',
      'flush',
    ])
  })

  it('knows NaN again among few keys', async () => {
    const loads: unknown[] = []
    const odd = batch<number, string>((keys) => {
      loads.push(keys)
      return keys.map(String)
    })
    const keys = [Number.NaN, 1, Number.NaN]
    expect(await Promise.all(keys.map((key) => odd.load(key)))).toEqual(['NaN', '1', 'NaN'])
    expect(loads).toEqual([[Number.NaN, 1]])
  })

  it('holds to its bytes, and sends a key that is larger alone', async () => {
    const { letters, loads } = world({ maxBytes: 4, bytesOf: (key) => key.length })
    await Promise.all(['aa', 'bb', 'c', 'dddddd', 'e'].map((key) => letters.load(key)))
    expect(loads).toEqual([['aa', 'bb'], ['c'], ['dddddd'], ['e']])
  })

  it('cuts twenty thousand keys of one tick into hundreds', async () => {
    const { letters, loads } = world()
    const keys = Array.from({ length: 20_000 }, (_, i) => `k${i}`)
    const values = await Promise.all(keys.map((key) => letters.load(key)))
    expect(values).toEqual(keys.map((key) => key.toUpperCase()))
    expect(loads.map(({ length }) => length)).toEqual(Array(200).fill(100))
  })

  it('takes any key: __proto__, constructor, NaN and objects with an id', async () => {
    const odd = batch<unknown, string>((keys) => keys.map((key) => `got ${String(key)}`))
    const few = ['__proto__', 'constructor', Number.NaN, undefined, null]
    const keys = [...few, ...Array.from({ length: 20 }, (_, i) => i), ...few]
    expect(await Promise.all(keys.map((key) => odd.load(key)))).toEqual(
      keys.map((key) => `got ${String(key)}`),
    )
    const byId = batch<{ id: number }, number>((users) => users.map(({ id }) => id * 2), {
      idOf: ({ id }) => id,
    })
    const [one, other] = await Promise.all([byId.load({ id: 1 }), byId.load({ id: 1 })])
    expect([one, other]).toEqual([2, 2])
    const users = Array.from({ length: 40 }, (_, at) => ({ id: at % 30 }))
    expect(await Promise.all(users.map((user) => byId.load(user)))).toEqual(
      users.map(({ id }) => id * 2),
    )
  })

  it('goes on when a listener throws', async () => {
    const silent = console.error
    console.error = () => {}
    const { letters } = world({
      onEvent: () => {
        throw new Error('listener')
      },
    })
    expect(await letters.load('a')).toBe('A')
    console.error = silent
  })

  it.each([
    [{ window: -1 }, 'batch: window must be a number ≥ 0, got -1'],
    [{ window: Number.NaN }, 'batch: window must be a number ≥ 0, got NaN'],
    [{ window: 'fast' as never }, 'batch: window must be a number ≥ 0, got fast'],
    [{ maxSize: 0 }, 'batch: maxSize must be a number ≥ 1, got 0'],
    [{ maxBytes: -1 }, 'batch: maxBytes must be a number ≥ 0, got -1'],
  ])('refuses %o', (options, message) => {
    expect(() => batch(() => [], options)).toThrow(new RangeError(message))
  })

  it.each([
    [{ deadlineMs: Number.NaN }, 'batch: deadlineMs must be a number ≥ 0, got NaN'],
    [
      { priority: 'urgent' as never },
      'batch: priority must be critical, important or deferred, got urgent',
    ],
  ])('refuses a call with %o', async (options, message) => {
    const { letters, loads } = world()
    await expect(letters.load('a', options)).rejects.toThrow(new RangeError(message))
    await tick()
    expect(loads).toEqual([])
  })
})

describe('results', () => {
  it('are each caller’s own: an error of one key is nobody else’s', async () => {
    const poison = new Error('no such letter')
    const { letters } = world({}, (keys) => keys.map((key) => (key === 'b' ? poison : key)))
    const endings = await Promise.all(['a', 'b', 'c'].map((key) => ending(letters.load(key))))
    expect(endings).toEqual([{ value: 'a' }, { error: poison }, { value: 'c' }])
  })

  it('may come by id, in any order; what is missing or ambiguous fails its own callers', async () => {
    const { letters } = world({}, (keys) =>
      resultsById([...keys, 'c'].filter((key) => key !== 'b').reverse(), (value) => value),
    )
    const endings = await Promise.all(['a', 'b', 'c'].map((key) => ending(letters.load(key))))
    expect(endings).toMatchObject([
      { value: 'a' },
      { error: { code: 'BATCH_RESULT_MISSING' } },
      { error: { code: 'BATCH_RESULT_AMBIGUOUS' } },
    ])
  })

  it.each([
    [['A', 'B'], '2 results'],
    [['A', 'B', 'C', 'D'], '4 results'],
    [{ a: 'A' }, 'a object'],
    [undefined, 'a undefined'],
  ])('that do not fit (%o) fail all, and name nobody’s key', async (results, got) => {
    const { letters } = world({}, () => results as never)
    const endings = await Promise.all(['a', 'b', 'c'].map((key) => ending(letters.load(key))))
    for (const { error } of endings)
      expect(error).toMatchObject({
        code: 'BATCH_RESULTS_MALFORMED',
        message: `A load must return one result for each of its 3 keys, or a Map; it returned ${got}`,
      })
  })

  it('of a load that throws are its error for all, in the same tick or later', async () => {
    const broken = new Error('broken')
    for (const load of [
      () => {
        throw broken
      },
      () => Promise.reject(broken),
    ]) {
      const { letters } = world({}, load)
      const endings = await Promise.all(['a', 'b'].map((key) => ending(letters.load(key))))
      expect(endings).toEqual([{ error: broken }, { error: broken }])
    }
  })
})

describe('leaving', () => {
  it('before the batch is sent takes the key out of it', async () => {
    const { letters, loads } = world()
    const controller = new AbortController()
    const gone = ending(letters.load('a', { signal: controller.signal }))
    const kept = letters.load('b')
    controller.abort('enough')
    expect(await gone).toEqual({ error: 'enough' })
    expect(await kept).toBe('B')
    expect(loads).toEqual([['b']])
  })

  it('by all sends nothing', async () => {
    const { letters, loads } = world()
    const controller = new AbortController()
    const gone = ending(letters.load('a', { signal: controller.signal }))
    controller.abort('enough')
    await gone
    await tick()
    expect(loads).toEqual([])
    expect(await letters.load('b')).toBe('B')
    expect(loads).toEqual([['b']])
  })

  it('leaves others with the same key alone', async () => {
    const { held, load } = heldLoad()
    const { letters, signals } = world({}, load)
    const controller = new AbortController()
    const gone = ending(letters.load('a', { signal: controller.signal }))
    const kept = letters.load('a')
    await tick()
    controller.abort('enough')
    expect(await gone).toEqual({ error: 'enough' })
    expect(signals[0]?.aborted).toBe(false)
    held[0]?.resolve(['A'] as never)
    expect(await kept).toBe('A')
  })

  it('by all aborts what is under way, with the last reason', async () => {
    const { load } = heldLoad()
    const { letters, signals } = world({}, load)
    const [one, other] = [new AbortController(), new AbortController()]
    const calls = [
      ending(letters.load('a', { signal: one.signal })),
      ending(letters.load('b', { signal: other.signal })),
    ]
    await tick()
    one.abort('first')
    expect(signals[0]?.aborted).toBe(false)
    other.abort('last')
    expect(await Promise.all(calls)).toEqual([{ error: 'first' }, { error: 'last' }])
    expect(signals[0]?.reason).toBe('last')
  })

  it('with a signal that has aborted asks for nothing', async () => {
    const { letters, loads } = world()
    expect(await ending(letters.load('a', { signal: AbortSignal.abort('no') }))).toEqual({
      error: 'no',
    })
    await tick()
    expect(loads).toEqual([])
  })

  it('leaves no listener on a signal that many calls share', async () => {
    const { letters } = world()
    const { signal } = new AbortController()
    let listeners = 0
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = (...given: Parameters<typeof add>) => {
      listeners++
      add(...given)
    }
    signal.removeEventListener = (...given: Parameters<typeof remove>) => {
      listeners--
      remove(...given)
    }
    const keys = Array.from({ length: 300 }, (_, i) => `k${i}`)
    const calls = keys.map((key) => letters.load(key, { signal }))
    expect(listeners).toBe(1)
    await Promise.all(calls)
    expect(listeners).toBe(0)
  })
})

describe('deadlines and priorities', () => {
  it('end a call alone, in time', async () => {
    const { held, load } = heldLoad()
    const { letters, clock } = world({}, load)
    const short = ending(letters.load('a', { deadlineMs: 100 }))
    const long = ending(letters.load('b', { deadlineMs: 1000 }))
    await clock.advance(100)
    expect(await short).toMatchObject({ error: { code: 'DEADLINE_EXCEEDED', reached: 'maybe' } })
    held[0]?.resolve(['A', 'B'] as never)
    expect(await long).toEqual({ value: 'B' })
    await tick()
    expect(clock.pending).toBe(0)
  })

  it('send the batch in half of the time that the tightest call has', async () => {
    const { letters, loads, clock } = world({ window: 1000 })
    const calls = [
      letters.load('a'),
      letters.load('b', { deadlineMs: 100 }),
      letters.load('c', { deadlineMs: 400 }),
    ]
    await clock.advance(49)
    expect(loads).toEqual([])
    await clock.advance(1)
    expect(await Promise.all(calls)).toEqual(['A', 'B', 'C'])
  })

  it('that pass while it gathers were never sent', async () => {
    const { letters, loads, clock } = world({ window: { delayMs: () => 10, learn() {} } })
    const call = ending(letters.load('a', { deadlineMs: 0 }))
    await clock.advance(0)
    expect(await call).toMatchObject({ error: { code: 'DEADLINE_EXCEEDED', reached: 'no' } })
    await clock.advance(100)
    expect(loads).toEqual([])
  })

  it('that pass in the tick of the call are not sent either', async () => {
    const { letters, loads, clock } = world()
    const call = ending(letters.load('a', { deadlineMs: 0 }))
    await tick()
    await clock.advance(0)
    expect(await call).toMatchObject({ error: { code: 'DEADLINE_EXCEEDED', reached: 'no' } })
    expect([loads, clock.pending]).toEqual([[], 0])
  })

  it('are those of the last and of the most important call for the policy', async () => {
    const contexts: CallContext[] = []
    const { letters, clock } = world({
      window: 10,
      policy: {
        name: 'spy',
        execute: (next, context) => {
          contexts.push(context)
          return next(context)
        },
      },
    })
    const calls = [
      letters.load('a', { priority: 'deferred', deadlineMs: 100 }),
      letters.load('b', { deadlineMs: 300 }),
    ]
    await clock.advance(10)
    await Promise.all(calls)
    const later = [letters.load('c', { priority: 'deferred' })]
    await clock.advance(10)
    await Promise.all(later)
    expect(contexts.map(({ priority, deadlineAtMs }) => [priority, deadlineAtMs])).toEqual([
      ['important', 300],
      ['deferred', Number.POSITIVE_INFINITY],
    ])
  })

  it('are those of a call that says nothing, too', async () => {
    const contexts: CallContext[] = []
    const { letters } = world({}, (keys, context) => {
      contexts.push(context)
      return [...keys]
    })
    await Promise.all([letters.load('a', { priority: 'deferred' }), letters.load('b')])
    expect(contexts[0]).toMatchObject({ priority: 'important' })
  })

  it('make a critical call wait for no window, and take along what has gathered', async () => {
    const { letters, loads } = world({ window: 1000 })
    const calls = [letters.load('a'), letters.load('b', { priority: 'critical' })]
    expect(await Promise.all(calls)).toEqual(['A', 'B'])
    expect(loads).toEqual([['a', 'b']])
  })
})

describe('a policy', () => {
  it('tries again only the keys that failed', async () => {
    const { letters, loads, clock } = world(
      (clock) => ({ policy: retry({ clock, random: seededRandom(1) }) }),
      (keys, { attempt }) =>
        keys.map((key) => (attempt === 1 && key !== 'a' ? failure() : key.toUpperCase())),
    )
    const calls = ['a', 'b', 'c'].map((key) => letters.load(key))
    expect(await calls[0]).toBe('A')
    await clock.advance(5000)
    expect(await Promise.all(calls)).toEqual(['A', 'B', 'C'])
    expect(loads).toEqual([
      ['a', 'b', 'c'],
      ['b', 'c'],
    ])
  })

  it('lets a caller leave between two attempts, and asks no more for a key that none wants', async () => {
    const { letters, loads, clock, signals } = world(
      (clock) => ({ policy: retry({ clock, random: seededRandom(1) }) }),
      (keys) => keys.map(() => failure()),
    )
    const [one, other] = [new AbortController(), new AbortController()]
    const calls = [
      ending(letters.load('a', { signal: one.signal })),
      ending(letters.load('b', { signal: other.signal })),
      ending(letters.load('b', { signal: other.signal })),
    ]
    await tick()
    one.abort('first')
    await clock.advance(2000)
    expect(loads.slice(0, 2)).toEqual([['a', 'b'], ['b']])
    other.abort('last')
    expect(await Promise.all(calls)).toEqual([
      { error: 'first' },
      { error: 'last' },
      { error: 'last' },
    ])
    expect(signals[0]?.reason).toBe('last')
    const before = loads.length
    await clock.advance(60_000)
    expect(loads).toHaveLength(before)
  })

  it('may let attempts overlap: each key has the first value that comes for it', async () => {
    const { held, load } = heldLoad()
    const hedge = {
      name: 'hedge',
      execute: async <T>(next: Next<T>, context: CallContext) => {
        const attempts = [next(context), next(context)]
        return Promise.any(attempts)
      },
    }
    const { letters } = world({ policy: hedge, shouldRetry: () => true }, load)
    const calls = ['a', 'b', 'c'].map((key) => letters.load(key))
    await tick()
    held[0]?.resolve(['A', new Error('b'), new Error('c')] as never)
    expect(await calls[0]).toBe('A')
    held[1]?.resolve(['late', 'B', 'C'] as never)
    expect(await Promise.all(calls)).toEqual(['A', 'B', 'C'])
  })

  it('gives up with each key’s own error', async () => {
    const { clock, letters } = world(
      { policy: retry({ maxRetries: 0 }), shouldRetry: () => true },
      (keys) => keys.map((key) => new Error(`no ${key}`)),
    )
    const endings = await Promise.all(['a', 'b'].map((key) => ending(letters.load(key))))
    expect(endings).toEqual([{ error: new Error('no a') }, { error: new Error('no b') }])
    expect(clock.pending).toBe(0)
  })

  it('hears how far the worst key got, and the longest wait that one asks for', async () => {
    const seen: unknown[] = []
    const { letters } = world(
      {
        policy: {
          name: 'spy',
          execute: (next, context) =>
            next(context).catch((error) => {
              seen.push(error)
              throw error
            }),
        },
      },
      () => [
        failure({ reached: 'no', retryAfterMs: 5, throttled: true }),
        failure({ reached: 'maybe' }),
        failure({ retryAfterMs: 9 }),
      ],
    )
    await Promise.all(['a', 'b', 'c'].map((key) => ending(letters.load(key))))
    expect(seen).toMatchObject([
      {
        code: 'BATCH_ITEMS_FAILED',
        message: '3 of 3 keys failed',
        transient: true,
        reached: 'maybe',
        retryAfterMs: 9,
        throttled: false,
      },
    ])
  })

  it('hears that no key has reached the server, where none has', async () => {
    const seen: unknown[] = []
    const policy = {
      name: 'spy',
      execute: <T>(next: Next<T>, context: CallContext) =>
        next(context).catch((error) => {
          seen.push(error)
          throw error
        }),
    }
    const facts = { reached: 'no', throttled: true } as const
    const { letters } = world({ policy }, () => [failure(facts), failure(facts)])
    await Promise.all(['a', 'b'].map((key) => ending(letters.load(key))))
    expect(seen).toMatchObject([{ reached: 'no', throttled: true, retryAfterMs: undefined }])
  })

  it('that refuses is heard by all, be it at once', async () => {
    const refused = failure({ reached: 'no' })
    for (const execute of [
      () => Promise.reject(refused),
      () => {
        throw refused
      },
    ]) {
      const { letters, loads } = world({ policy: { name: 'closed', execute } })
      const endings = await Promise.all(['a', 'b'].map((key) => ending(letters.load(key))))
      expect(endings).toEqual([{ error: refused }, { error: refused }])
      expect(loads).toEqual([])
    }
  })

  it('of its own ends a batch that never comes back', async () => {
    const { letters, clock, signals } = world({}, heldLoad().load)
    const calls = Promise.all(['a', 'b'].map((key) => ending(letters.load(key))))
    await clock.advance(60_000)
    expect(await calls).toMatchObject([
      { error: { code: 'TIMEOUT' } },
      { error: { code: 'TIMEOUT' } },
    ])
    expect(signals[0]?.aborted).toBe(true)
  })

  it('of its own is no limit of an answer in time, nor of a batch that all have left', async () => {
    const { held, load } = heldLoad()
    const { letters, clock } = world({ maxSize: 1 }, load)
    const controller = new AbortController()
    const gone = ending(letters.load('a', { signal: controller.signal }))
    const kept = letters.load('b')
    controller.abort('enough')
    expect(await gone).toEqual({ error: 'enough' })
    await clock.advance(59_999)
    expect(clock.pending).toBe(1)
    held[1]?.resolve(['B'] as never)
    expect(await kept).toBe('B')
    await tick()
    expect(clock.pending).toBe(0)
  })

  it('may be a pipeline', async () => {
    const { letters } = world({ policy: compose() })
    expect(await letters.load('a')).toBe('A')
  })
})

describe('splitting', () => {
  const bad = new Error('400 Bad Request')

  it('finds the one key that a server refuses all for', async () => {
    const { letters, loads, events } = world(
      { shouldSplit: ({ error }) => error === bad, maxSize: 8 },
      (keys) => {
        if (keys.includes('e')) throw bad
        return keys.map((key) => key.toUpperCase())
      },
    )
    const keys = [...'abcdefgh']
    const endings = await Promise.all(keys.map((key) => ending(letters.load(key))))
    expect(endings).toEqual(
      keys.map((key) => (key === 'e' ? { error: bad } : { value: key.toUpperCase() })),
    )
    // 1 + 2 log₂ 8
    expect(loads).toHaveLength(7)
    expect(events.filter(({ type }) => type === 'batchSplit')).toHaveLength(3)
  })

  it('is done for a batch that never came back, whose late answer then counts for nothing', async () => {
    const { held, load } = heldLoad()
    const { letters, clock, signals } = world({ shouldSplit: () => true }, load)
    const calls = Promise.all(['a', 'b'].map((key) => ending(letters.load(key))))
    await clock.advance(60_000)
    expect(held.map(({ keys }) => keys)).toEqual([['a', 'b'], ['a'], ['b']])
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false, false])
    held[0]?.reject(bad)
    held[1]?.resolve(['A'] as never)
    await clock.advance(60_000)
    expect(await calls).toMatchObject([{ value: 'A' }, { error: { code: 'TIMEOUT' } }])
    expect(clock.pending).toBe(0)
  })

  it('tells all who wait of a bug in the rule that decides it', async () => {
    const { letters } = world(
      {
        shouldSplit: () => {
          throw new TypeError('bug')
        },
      },
      () => Promise.reject(failure()),
    )
    const calls = [letters.load('a'), letters.load('b')].map(ending)
    expect(await Promise.all(calls)).toEqual(Array(2).fill({ error: new TypeError('bug') }))
  })

  it('is not done for keys that failed by themselves', async () => {
    const { letters, loads } = world({ shouldSplit: () => true, shouldRetry: () => true }, (keys) =>
      keys.map((key) => new Error(key)),
    )
    await Promise.all([...'abcd'].map((key) => ending(letters.load(key))))
    expect(loads).toHaveLength(1)
  })

  it('asks again for the one key that is left, which may have failed for one that was left', async () => {
    const { held, load } = heldLoad()
    const { letters, clock } = world({ shouldSplit: () => true }, load)
    const controller = new AbortController()
    const gone = ending(letters.load('a', { signal: controller.signal }))
    const kept = ending(letters.load('b'))
    await tick()
    controller.abort('gone')
    held[0]?.reject(bad)
    await tick()
    expect(held.map(({ keys }) => keys)).toEqual([['a', 'b'], ['b']])
    held[1]?.reject(bad)
    expect([await gone, await kept]).toEqual([{ error: 'gone' }, { error: bad }])
    expect(held).toHaveLength(2)
    expect(clock.pending).toBe(0)
  })

  it('lets callers leave their half', async () => {
    const { held, load } = heldLoad()
    const { letters, signals } = world({ shouldSplit: () => true }, load)
    const controller = new AbortController()
    const gone = ending(letters.load('a', { signal: controller.signal }))
    const kept = letters.load('b')
    await tick()
    held[0]?.reject(bad)
    await tick()
    expect(held.map(({ keys }) => keys)).toEqual([['a', 'b'], ['a'], ['b']])
    controller.abort('enough')
    expect(await gone).toEqual({ error: 'enough' })
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, true, false])
    held[2]?.resolve(['B'] as never)
    expect(await kept).toBe('B')
  })

  it('finds every bad key among any, in bounded loads', () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 64 }), fc.nat(63), async (size, at) => {
        const poison = `k${at % size}`
        const { letters, loads } = world({ shouldSplit: () => true }, (keys) => {
          if (keys.includes(poison)) throw bad
          return [...keys]
        })
        const keys = Array.from({ length: size }, (_, i) => `k${i}`)
        const endings = await Promise.all(keys.map((key) => ending(letters.load(key))))
        expect(endings).toEqual(
          keys.map((key) => (key === poison ? { error: bad } : { value: key })),
        )
        expect(loads.length).toBeLessThanOrEqual(1 + 2 * Math.ceil(Math.log2(size)))
      }),
    ))
})

describe('closing', () => {
  it('rejects what gathers and what is under way, and takes no more', async () => {
    const { letters, signals, clock } = world({ window: 10, maxSize: 2 }, heldLoad().load)
    const calls = ['a', 'b', 'c'].map((key) => ending(letters.load(key, { deadlineMs: 500 })))
    letters[Symbol.dispose]()
    for (const { error } of await Promise.all(calls))
      expect(error).toMatchObject({ code: 'BATCH_CLOSED', key: 'batch' })
    expect(signals[0]?.aborted).toBe(true)
    expect(clock.pending).toBe(0)
    expect(await ending(letters.load('d'))).toMatchObject({ error: { code: 'BATCH_CLOSED' } })
    letters.flush()
    letters.close()
  })

  it('comes with a signal, too, even one that has aborted', async () => {
    const controller = new AbortController()
    const { letters } = world({ signal: controller.signal })
    const call = ending(letters.load('a'))
    controller.abort()
    expect(await call).toMatchObject({ error: { code: 'BATCH_CLOSED' } })
    const { letters: late } = world({ signal: controller.signal })
    expect(await ending(late.load('a'))).toMatchObject({ error: { code: 'BATCH_CLOSED' } })
  })
})
