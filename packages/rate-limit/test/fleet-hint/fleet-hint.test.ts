import { errorCode, type Priority, run } from '@evenkeel/core'
import { manualClock, seededRandom } from '@evenkeel/core/testing'
import { describe, expect, it, vi } from 'vitest'
import {
  admits,
  admittedRatio,
  type FleetHintOptions,
  fleetHint,
  formatFleetHint,
  type HintChanged,
  parseFleetHint,
  pollFleetHint,
  type ShedByHint,
} from '../../src/fleet-hint.ts'

const key = 'https://api.example.com'

describe('a level', () => {
  it.each<[number, [number, number, number]]>([
    [0, [0, 0, 0]],
    [0.4, [0.4, 0, 0]],
    [1, [1, 0, 0]],
    [1.25, [1, 0.25, 0]],
    [2, [1, 1, 0]],
    [2.5, [1, 1, 0.5]],
    [3, [1, 1, 1]],
  ])('%d admits critical, important and deferred calls by %o', (level, ratios) => {
    const priorities: Priority[] = ['critical', 'important', 'deferred']
    expect(priorities.map((priority) => admittedRatio(level, priority))).toEqual(ratios)
  })

  it('never admits less of what matters more', () => {
    for (let level = 0; level <= 3; level += 0.01)
      for (let chance = 0; chance < 1; chance += 0.1) {
        const [critical, important, deferred] = (
          ['critical', 'important', 'deferred'] as const
        ).map((priority) => admits({ level }, priority, false, chance))
        expect([critical || !important, important || !deferred]).toEqual([true, true])
      }
  })

  it('admits a share of retries only, if the server says so', () => {
    const hint = { level: 3, retryRatio: 0.2 }
    expect(admits(hint, 'important', true, 0.19)).toBe(true)
    expect(admits(hint, 'important', true, 0.2)).toBe(false)
    expect(admits(hint, 'important', false, 0.99)).toBe(true)
  })
})

describe('the field Fleet-Hint', () => {
  it.each([
    [
      'level=1.4, retry=0.2, reconnect=60, ttl=30',
      { level: 1.4, retryRatio: 0.2, reconnectWindowMs: 60_000, ttlMs: 30_000 },
    ],
    ['level=3', { level: 3 }],
    ['level=0;x="y"', { level: 0 }],
    ['ttl=999999, level=2, later=1', { level: 2, ttlMs: 600_000 }],
    ['level=1, later=";level=0,"', { level: 1 }],
  ])('says %s', (text, hint) => {
    expect(parseFleetHint(text)).toMatchObject(hint)
  })

  it.each([
    null,
    undefined,
    '',
    'nonsense',
    'level',
    'level=',
    'level=-1',
    'level=3.1',
    'level=4',
    'level=1e1',
    'level=NaN',
    'level="1"',
    'level=1, retry=2',
    'level=1, retry=x',
    'level=1, ttl=-5',
    'level=1, ttl',
    'level=1, reconnect=soon',
    'later=1;level=0',
    'level=1, later=(',
    'level=0.12345',
    'retry=1',
    'level=1,'.repeat(900),
    '{"level":1}',
  ])('says nothing by %j', (text) => {
    expect(parseFleetHint(text)).toBeUndefined()
  })

  it('is read as it was written', () => {
    const hint = { level: 1.234, retryRatio: 0, reconnectWindowMs: 90_000, ttlMs: 12_500 }
    expect(formatFleetHint(hint)).toBe('level=1.234, retry=0, reconnect=90, ttl=12.5')
    expect(parseFleetHint(formatFleetHint(hint))).toEqual(hint)
    expect(formatFleetHint({ level: 2.99999 })).toBe('level=3')
  })
})

describe('the policy', () => {
  function world(options: FleetHintOptions = {}) {
    const clock = manualClock()
    const events: (ShedByHint | HintChanged)[] = []
    const hint = fleetHint({
      clock,
      random: seededRandom(1),
      onEvent: (event) => events.push(event),
      ...options,
    })
    const call = (priority: Priority = 'important') =>
      run(hint, () => 'ok', { key, priority }).catch((error) => error)
    const admitted = async (priority: Priority, calls = 1000) => {
      let count = 0
      for (let i = 0; i < calls; i++) if ((await call(priority)) === 'ok') count++
      return count / calls
    }
    return { clock, hint, events, call, admitted }
  }

  it('admits all while nothing is known', async () => {
    const { admitted, hint } = world()
    expect([await admitted('deferred'), hint.hint(key)]).toEqual([1, undefined])
  })

  it('admits of each priority the share that the level says, before the first try', async () => {
    const { admitted, hint } = world()
    hint.set(key, { level: 1.3 })
    expect(await admitted('critical')).toBe(1)
    expect(await admitted('deferred')).toBe(0)
    const important = await admitted('important', 4000)
    expect(important).toBeGreaterThan(0.27)
    expect(important).toBeLessThan(0.33)
  })

  it('says when to come back, and what it shed', async () => {
    const { call, hint, events, clock } = world({ random: () => 0.5 })
    hint.set(key, { level: 1, ttlMs: 10_000 })
    await clock.advance(4000)
    const error = await call('deferred')
    expect(error).toMatchObject({
      code: 'SHED_BY_HINT',
      message: `${key} admits a part of deferred calls only (level 1)`,
      transient: true,
      throttled: true,
      reached: 'no',
      retryAfterMs: 7500,
      stack: expect.not.stringContaining('\n'),
    })
    expect(events.at(-1)).toMatchObject({ type: 'shedByHint', key, level: 1, retryAfterMs: 7500 })
  })

  it('holds retries to their own share', async () => {
    const { hint } = world({ random: () => 0.5 })
    hint.set(key, { level: 3, retryRatio: 0.2 })
    const twice = {
      name: 'twice',
      execute: <T>(next: (context: never) => Promise<T>, context: object) =>
        next({ ...context, attempt: 2 } as never),
    }
    const pipeline = {
      name: 'pipeline',
      execute: <T>(next: never, context: never): Promise<T> =>
        twice.execute((derived: never) => hint.execute(next, derived), context),
    }
    expect(await run(pipeline, () => 'ok', { key }).catch(errorCode)).toBe('SHED_BY_HINT')
    expect(await run(hint, () => 'ok', { key })).toBe('ok')
  })

  it('believes a hint for its time, and says when that is over', async () => {
    const { call, hint, events, clock } = world()
    hint.set(key, { level: 0 })
    await clock.advance(29_999)
    expect(errorCode(await call('critical'))).toBe('SHED_BY_HINT')
    await clock.advance(1)
    expect(await call('deferred')).toBe('ok')
    expect(events.filter(({ type }) => type === 'hintChanged')).toEqual([
      { type: 'hintChanged', key, level: 0 },
      { type: 'hintChanged', key, level: undefined },
    ])
    hint.set(key, { level: 1, ttlMs: 1000 })
    hint.set(key, { level: 1, ttlMs: 1000 })
    expect(events).toHaveLength(4)
  })

  it('keeps keys apart', async () => {
    const { call, hint } = world()
    hint.set('https://other.example.com', { level: 0 })
    expect(await call('deferred')).toBe('ok')
  })

  it('draws a user once an hour, so that a page loads whole or not at all', async () => {
    const drawn = await Promise.all(
      Array.from({ length: 400 }, async (_, user) => {
        const { admitted, hint } = world({ user: `user ${user}` })
        hint.set(key, { level: 1.5 })
        return admitted('important', 5)
      }),
    )
    expect(new Set(drawn)).toEqual(new Set([0, 1]))
    const share = drawn.filter((each) => each === 1).length / drawn.length
    expect(share).toBeGreaterThan(0.4)
    expect(share).toBeLessThan(0.6)
    const { clock, call, hint } = world({ user: 'one', ttlMs: 1e9 })
    hint.set(key, { level: 1.5 })
    const hours = new Set<unknown>()
    for (let hour = 0; hour < 20; hour++) {
      hours.add(errorCode(await call()) ?? 'ok')
      await clock.advance(3_600_000)
    }
    expect(hours).toEqual(new Set(['ok', 'SHED_BY_HINT']))
  })

  it('reads it from every response', async () => {
    const { hint, call } = world()
    let field = 'level=0'
    const fetch = hint.reading(async () => new Response('', { headers: { 'fleet-hint': field } }))
    await fetch(`${key}/things`)
    expect(errorCode(await call('critical'))).toBe('SHED_BY_HINT')
    field = 'nonsense'
    await fetch(new Request(`${key}/things`))
    expect(hint.hint(key)?.level).toBe(0)
    field = 'level=3'
    await fetch(new URL(`${key}/things`))
    expect(await call('deferred')).toBe('ok')
  })

  it('believes what a shared cache kept for what is left of its time', async () => {
    const { hint, clock, events } = world()
    const learn = (headers: Record<string, string>) =>
      hint.learn(key, new Headers({ 'fleet-hint': 'level=0, ttl=30', ...headers }))
    learn({ age: '30' })
    learn({ age: '3000' })
    expect([hint.hint(key), events]).toEqual([undefined, []])
    learn({ age: '29' })
    await clock.advance(999)
    expect(hint.hint(key)?.level).toBe(0)
    await clock.advance(1)
    expect(hint.hint(key)).toBeUndefined()
    // An age that is none, and a hint that does not say for how long.
    learn({ age: '-29' })
    expect(hint.hint(key)?.level).toBe(0)
    await clock.advance(30_000)
    hint.learn(key, new Headers({ 'fleet-hint': 'level=0', age: '20' }))
    await clock.advance(10_000)
    expect(hint.hint(key)).toBeUndefined()
  })

  it('reads by the platform’s fetch by default', async () => {
    const { hint } = world()
    const { fetch: platform } = globalThis
    globalThis.fetch = async () => new Response('', { headers: { 'fleet-hint': 'level=2' } })
    await hint.reading()(`${key}/`)
    globalThis.fetch = platform
    expect(hint.hint(key)?.level).toBe(2)
  })

  describe('says in each request by which level it was sent', () => {
    function saying(options: FleetHintOptions = {}) {
      const { hint, clock } = world(options)
      const sent: Headers[] = []
      const fetch = hint.reading(async (input, init) => {
        sent.push(new Request(input, init).headers)
        return new Response('')
      })
      const levels = () => sent.map((headers) => headers.get('fleet-level'))
      return { hint, clock, fetch, sent, levels }
    }

    it('of its origin, as the field has it: 3 while it has heard of none', async () => {
      const { hint, clock, fetch, levels } = saying()
      await fetch(key)
      hint.set(key, { level: 1.23456, ttlMs: 1000 })
      await fetch(key)
      await fetch('https://other.example.com')
      await clock.advance(1000)
      await fetch(key)
      expect(levels()).toEqual(['3', '1.235', '3', '3'])
    })

    it('beside all that the request says itself', async () => {
      const { fetch, sent } = saying()
      const headers = { 'x-own': 'a' }
      const given = new Request(key, { method: 'PUT', body: 'text', headers })
      await fetch(given)
      await fetch(given.url, { headers: [['x-own', 'b']] })
      expect(sent.map((each) => [each.get('x-own'), each.get('fleet-level')])).toEqual([
        ['a', '3'],
        ['b', '3'],
      ])
      expect(headers).toEqual({ 'x-own': 'a' })
    })

    it('by a name of one’s own, or not at all', async () => {
      const own = saying({ levelHeader: 'X-Level' })
      await own.fetch(key)
      expect(own.sent[0]?.get('x-level')).toBe('3')
      const none = saying({ levelHeader: false })
      await none.fetch(key)
      expect([...(none.sent[0] as Headers)]).toEqual([])
      expect(() => fleetHint({ levelHeader: 'no name' })).toThrow(TypeError)
    })

    it('but in pages only if told to, as other origins would be asked first', async () => {
      vi.stubGlobal('location', new URL('https://app.example.com/'))
      const page = saying()
      await page.fetch(key)
      const told = saying({ levelHeader: 'Fleet-Level' })
      await told.fetch(key)
      vi.unstubAllGlobals()
      expect([page.levels(), told.levels()]).toEqual([[null], ['3']])
    })
  })

  it('refuses what makes no sense', () => {
    expect(() => fleetHint({ ttlMs: 0 })).toThrow('fleetHint: ttlMs must be a number ≥ 1, got 0')
    expect(() => fleetHint().set(key, { level: 4 })).toThrow(
      'fleetHint: level must be a number from 0 to 3, got 4',
    )
  })
})

describe('polling', () => {
  function polled(
    answer: (init: RequestInit) => Response | Promise<Response>,
    signal?: AbortSignal,
    ttlMs = 1e9,
  ) {
    const clock = manualClock()
    const hint = fleetHint({ clock, ttlMs })
    let looks = 0
    const stop = pollFleetHint(hint, 'https://cdn.example.com/hint', {
      key,
      clock,
      random: () => 0.5,
      signal,
      fetch: async (_, init = {}) => {
        looks++
        return answer(init)
      },
    })
    return { clock, hint, stop, looks: () => looks }
  }

  it('knows a hint before the first call, from field or body, and looks again', async () => {
    let body = 'level=1.5\n'
    const { clock, hint, stop, looks } = polled(() => new Response(body))
    await clock.advance(0)
    expect(hint.hint(key)?.level).toBe(1.5)
    body = 'level=3'
    await clock.advance(12_500)
    expect([hint.hint(key)?.level, looks()]).toEqual([3, 2])
    stop()
    await clock.advance(60_000)
    expect([looks(), clock.pending]).toEqual([2, 0])
  })

  it('takes neither errors nor pages of errors for hints', async () => {
    let turn = 0
    const { clock, hint, stop } = polled(() => {
      if (turn++ === 0) throw new TypeError('fetch failed')
      return new Response('level=0', { status: 500 })
    })
    await clock.advance(30_000)
    expect(hint.hint(key)).toBeUndefined()
    stop()
  })

  it('asks again by ETag, and takes “not modified” for the same hint anew', async () => {
    const asked: (string | null)[] = []
    const { clock, hint, stop } = polled(
      ({ headers }) => {
        const tag = new Headers(headers).get('if-none-match')
        asked.push(tag)
        if (asked.length === 3) return new Response('level=2')
        return tag
          ? new Response(null, { status: 304, headers: { age: '5' } })
          : new Response('level=1', { headers: { etag: '"1"' } })
      },
      undefined,
      20_000,
    )
    await clock.advance(12_500)
    expect([asked, hint.hint(key)?.level]).toEqual([[null, '"1"'], 1])
    await clock.advance(12_499)
    // The first look's hint ran out 5 s ago; the second, 5 s old when it came, has 2.5 s left.
    expect(hint.hint(key)?.level).toBe(1)
    await clock.advance(12_501)
    expect([asked, hint.hint(key)?.level]).toEqual([[null, '"1"', '"1"', null], 1])
    stop()
  })

  it('leaves that to the cache of a page: to ask by ETag, it would have to ask other origins first', async () => {
    vi.stubGlobal('location', new URL('https://app.example.com/'))
    const asked: unknown[] = []
    const { clock, stop } = polled(({ headers }) => {
      asked.push(headers)
      return new Response('level=1', { headers: { etag: '"1"' } })
    })
    vi.unstubAllGlobals()
    await clock.advance(12_500)
    stop()
    expect(asked).toEqual([undefined, undefined])
  })

  it('takes neither a “not modified” that it did not ask for nor a page of text for a hint', async () => {
    let turn = 0
    const { clock, hint, stop } = polled(() =>
      turn++
        ? new Response(null, { status: 304 })
        : new Response(`level=1${' '.repeat(5000)}, ttl=30`),
    )
    await clock.advance(13_000)
    expect(hint.hint(key)).toBeUndefined()
    stop()
  })

  it('ends with a signal', async () => {
    const controller = new AbortController()
    const { clock, looks } = polled(() => new Response('level=1'), controller.signal)
    await clock.advance(0)
    controller.abort()
    await clock.advance(60_000)
    expect([looks(), clock.pending]).toEqual([1, 0])
    expect(polled(() => new Response(''), AbortSignal.abort()).looks()).toBe(0)
  })

  it('refuses to look all the time', () => {
    expect(() => pollFleetHint(fleetHint(), '/hint', { key, intervalMs: 10 })).toThrow(
      'pollFleetHint: intervalMs must be a number ≥ 1000, got 10',
    )
  })

  it('looks by the platform’s fetch by default', async () => {
    const { fetch: platform } = globalThis
    globalThis.fetch = async () => new Response('level=2')
    const clock = manualClock()
    const hint = fleetHint({ clock })
    const stop = pollFleetHint(hint, 'https://cdn.example.com/hint', { key, clock })
    await clock.advance(0)
    globalThis.fetch = platform
    stop()
    expect(hint.hint(key)?.level).toBe(2)
  })
})
