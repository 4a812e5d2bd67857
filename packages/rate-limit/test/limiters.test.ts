import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type LimitFactory, slidingWindow, tokenBucket } from '../src/index.ts'
import { world } from './world.ts'

const atOf = (starts: readonly [number, string][]) => starts.map(([atMs]) => atMs)

describe('tokenBucket', () => {
  test('lets a burst start, then one for each refill', async () => {
    const { clock, call, starts } = world({
      limits: [tokenBucket({ capacity: 3, refillPerSecond: 2 })],
    })
    const calls = 'abcdefg'.split('').map((name) => call(name))
    await clock.runAll()
    await Promise.all(calls)
    expect(atOf(starts)).toEqual([0, 0, 0, 500, 1000, 1500, 2000])
  })

  test('saves up no more than its capacity', async () => {
    const { clock, call, starts } = world({
      limits: [tokenBucket({ capacity: 2, refillPerSecond: 1 })],
    })
    await clock.advance(60_000)
    const calls = 'abc'.split('').map((name) => call(name))
    await clock.runAll()
    await Promise.all(calls)
    expect(atOf(starts)).toEqual([60_000, 60_000, 61_000])
  })

  test('turns away whom it would keep too long, by its place', async () => {
    const { clock, call, starts } = world({
      limits: [tokenBucket({ capacity: 1, refillPerSecond: 1 })],
      maxWaitMs: 2000,
    })
    const calls = 'abcd'.split('').map((name) => call(name).catch((error) => error))
    await clock.runAll()
    expect(await Promise.all(calls)).toMatchObject([
      'a',
      'b',
      'c',
      { code: 'RATE_LIMITED', retryAfterMs: 3000 },
    ])
    expect(atOf(starts)).toEqual([0, 1000, 2000])
  })

  test('keeps to its rate whatever its clock reads', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          capacity: fc.integer({ min: 1, max: 5 }),
          refillPerSecond: fc.double({ min: 0.1, max: 1000, noNaN: true }),
          gaps: fc.array(fc.double({ min: 0, max: 3000, noNaN: true }), { maxLength: 30 }),
        }),
        async ({ capacity, refillPerSecond, gaps }) => {
          const { clock, call, starts } = world({
            limits: [tokenBucket({ capacity, refillPerSecond })],
            maxWaitMs: Infinity,
          })
          const calls: Promise<string>[] = []
          for (const gap of gaps) {
            await clock.advance(gap)
            calls.push(call('x'))
          }
          await clock.runAll()
          await Promise.all(calls)
          const at = atOf(starts)
          for (let from = 0; from < at.length; from++)
            for (let to = from; to < at.length; to++) {
              const seconds = ((at[to] as number) - (at[from] as number)) / 1000
              expect(to - from + 1).toBeLessThanOrEqual(capacity + seconds * refillPerSecond + 1e-6)
            }
        },
      ),
      { numRuns: 200, seed: 7 },
    )
  })
})

describe('slidingWindow', () => {
  test('lets no more than its limit start in any window', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          limit: fc.integer({ min: 1, max: 6 }),
          windowMs: fc.integer({ min: 1, max: 2000 }),
          gaps: fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 40 }),
        }),
        async ({ limit, windowMs, gaps }) => {
          const { clock, call, starts } = world({
            limits: [slidingWindow({ limit, windowMs })],
            maxWaitMs: Infinity,
          })
          const calls: Promise<string>[] = []
          for (const gap of gaps) {
            await clock.advance(gap)
            calls.push(call('x'))
          }
          await clock.runAll()
          await Promise.all(calls)
          const at = atOf(starts)
          expect(at).toHaveLength(gaps.length)
          for (let index = limit; index < at.length; index++)
            expect((at[index] as number) - (at[index - limit] as number)).toBeGreaterThanOrEqual(
              windowMs,
            )
        },
      ),
      { numRuns: 200, seed: 7 },
    )
  })

  test('lets a call start as soon as one has left the window', async () => {
    const { clock, call, starts } = world({ limits: [slidingWindow({ limit: 2, windowMs: 1000 })] })
    const calls = [call('a')]
    await clock.advance(300)
    calls.push(call('b'), call('c'), call('d'))
    await clock.runAll()
    await Promise.all(calls)
    expect(atOf(starts)).toEqual([0, 300, 1000, 1300])
  })

  test('knows the wait of everyone in the queue', async () => {
    const { call, told } = world({
      limits: [slidingWindow({ limit: 2, windowMs: 1000 })],
      maxWaitMs: 2000,
    })
    for (let index = 0; index < 7; index++) call('x').catch(() => {})
    expect(told('parked')).toMatchObject([
      { waitMs: 1000 },
      { waitMs: 1000 },
      { waitMs: 2000 },
      { waitMs: 2000 },
    ])
    expect(told('refused')).toMatchObject([{ code: 'RATE_LIMITED', retryAfterMs: 3000 }])
  })

  test('serves the more important first', async () => {
    const { clock, call, starts } = world({ limits: [slidingWindow({ limit: 1, windowMs: 1000 })] })
    const calls = [
      call('first'),
      call('deferred', undefined, { priority: 'deferred' }),
      call('critical', undefined, { priority: 'critical' }),
    ]
    await clock.runAll()
    await Promise.all(calls)
    expect(starts.map(([, name]) => name)).toEqual(['first', 'critical', 'deferred'])
  })

  test('is kept per key', async () => {
    const { call } = world({ limits: [slidingWindow({ limit: 1, windowMs: 1000 })] })
    expect(await call('a')).toBe('a')
    expect(await call('b', undefined, { key: 'other' })).toBe('b')
  })
})

describe.each<[string, (options: object) => LimitFactory]>([
  ['tokenBucket', (o) => tokenBucket({ capacity: 1, refillPerSecond: 1, ...o })],
  ['slidingWindow', (o) => slidingWindow({ limit: 1, windowMs: 1000, ...o })],
])('%s', (_, create) => {
  test('refuses at once if told to', async () => {
    const { clock, call } = world({ limits: [create({ onLimit: 'refuse' })] })
    expect(await call('a')).toBe('a')
    await clock.advance(400)
    await expect(call('b')).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 600 })
    await clock.advance(600)
    expect(await call('c')).toBe('c')
  })

  test('leaves alone what it is not for', async () => {
    const isLimited = ({ route }: { route: string }) => !route.startsWith('POST /interactions')
    const { call } = world({ limits: [create({ isLimited })] })
    expect(await call('a')).toBe('a')
    const route = 'POST /interactions/:id/:token/callback'
    expect(await call('b', undefined, { route })).toBe('b')
    expect(await call('c', undefined, { route })).toBe('c')
  })

  test('is remembered as long as it says something', async () => {
    const limit = create({})(
      'api',
      () => 0,
      () => {},
    )
    const call = { route: 'r', priority: 'important' } as const
    expect(limit.isNeeded?.(0)).toBe(false)
    limit.started?.(call, 0)
    expect(limit.isNeeded?.(999)).toBe(true)
    expect(limit.isNeeded?.(1000)).toBe(false)
  })
})

test.each<[() => unknown, string]>([
  [
    () => tokenBucket({ capacity: 0, refillPerSecond: 1 }),
    'tokenBucket: capacity must be a number ≥ 1, got 0',
  ],
  [
    () => tokenBucket({ capacity: 1, refillPerSecond: 0 }),
    'tokenBucket: refillPerSecond must be > 0, got 0',
  ],
  [
    () => slidingWindow({ limit: 1.5, windowMs: 1 }),
    'slidingWindow: limit must be a whole number ≥ 1, got 1.5',
  ],
  [
    () => slidingWindow({ limit: Infinity, windowMs: 1 }),
    'slidingWindow: limit must be a whole number ≥ 1, got Infinity',
  ],
  [
    () => slidingWindow({ limit: 1, windowMs: 0 }),
    'slidingWindow: windowMs must be a number ≥ 1, got 0',
  ],
])('%s is refused', (create, message) => {
  expect(create).toThrow(new RangeError(message))
})
