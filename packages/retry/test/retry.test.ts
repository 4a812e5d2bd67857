import { derive, EvenkeelError, run, timeout } from '@evenkeel/core'
import { manualClock } from '@evenkeel/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { constant, fullJitter, retry } from '../src/index.ts'
import { always, failure, named, world } from './world.ts'

const exact = { backoff: constant(1000, { jitterRatio: 0 }), budget: false } as const

describe('retry', () => {
  it('lets a success through untouched', async () => {
    const { outcome, attempts, events, clock } = world()
    expect(await outcome([])).toEqual({ value: 'ok', settled: true })
    expect(attempts).toHaveLength(1)
    expect(events).toEqual([])
    expect(clock.pending).toBe(0)
  })

  it('tries again after the wait, with the number of the attempt in the context', async () => {
    const { outcome, attempts } = world(exact)
    expect(await outcome([failure(), failure()])).toMatchObject({ value: 'ok' })
    expect(attempts.map(({ atMs }) => atMs)).toEqual([0, 1000, 2000])
    expect(attempts.map(({ context }) => context.attempt)).toEqual([1, 2, 3])
  })

  it('makes four attempts by default and then throws the last error itself', async () => {
    const errors = [failure(), failure(), failure(), failure(), failure()]
    const { outcome, attempts } = world({ budget: false })
    expect((await outcome(errors)).error).toBe(errors[3])
    expect(attempts).toHaveLength(4)
  })

  it('makes one attempt when maxRetries is 0', async () => {
    const error = failure()
    const { outcome, attempts, events } = world({ ...exact, maxRetries: 0 })
    expect((await outcome([error])).error).toBe(error)
    expect(attempts).toHaveLength(1)
    expect(events).toMatchObject([{ type: 'gaveUp', reason: 'retriesExhausted', attempts: 1 }])
  })

  it('goes on for ever when Infinity is typed', async () => {
    const { outcome, attempts } = world({ ...exact, maxRetries: Infinity })
    expect(await outcome(always(failure()))).toMatchObject({ value: 'ok' })
    expect(attempts).toHaveLength(1001)
  })

  it('waits 1, 2 and 4 s at most, and never nothing', () => {
    return fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const { outcome, attempts } = world({ budget: false }, seed)
        await outcome(always(failure()))
        const waits = attempts.slice(1).map(({ atMs }, i) => atMs - (attempts[i]?.atMs ?? 0))
        expect(waits).toHaveLength(3)
        for (const [i, wait] of waits.entries()) {
          expect(wait).toBeGreaterThanOrEqual(50)
          expect(wait).toBeLessThanOrEqual(1000 * 2 ** i)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('spreads clients that fail together over more than their mean wait', async () => {
    const waits = await Promise.all(
      Array.from({ length: 60 }, async (_, seed) => {
        const { outcome, attempts } = world({}, seed)
        await outcome([failure()])
        return attempts[1]?.atMs as number
      }),
    )
    const mean = waits.reduce((sum, wait) => sum + wait) / waits.length
    expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(mean)
  })

  it('numbers its attempts from that of the context', async () => {
    const clock = manualClock()
    const policy = retry({ ...exact, maxRetries: 1, clock })
    const seen: number[] = []
    const promise = run(
      {
        name: 'third',
        execute: (next, context) => policy.execute(next, derive(context, { attempt: 3 })),
      },
      (context) => {
        seen.push(context.attempt)
        throw failure()
      },
      { clock },
    ).catch(() => {})
    await clock.runAll()
    await promise
    expect(seen).toEqual([3, 4])
  })

  it('gives each attempt a timeout of its own when one is inside', async () => {
    const clock = manualClock()
    const policy = retry({ ...exact, clock, maxRetries: 1 })
    const limit = timeout(400, { clock })
    const starts: number[] = []
    const promise = run(
      {
        name: 'both',
        execute: (next, context) => policy.execute((c) => limit.execute(next, c), context),
      },
      () => {
        starts.push(clock.now())
        return starts.length === 1 ? Promise.reject(failure()) : new Promise(() => {})
      },
      { clock },
    )
    promise.catch(() => {})
    await clock.runAll()
    await expect(promise).rejects.toMatchObject({ code: 'TIMEOUT' })
    expect(starts).toEqual([0, 1000])
    expect(clock.now()).toBe(1400)
    expect(clock.pending).toBe(0)
  })

  it.each([
    [{ maxRetries: 1.5 }, 'retry: maxRetries must be a whole number ≥ 0 or Infinity, got 1.5'],
    [{ maxRetries: -1 }, 'retry: maxRetries must be a whole number ≥ 0 or Infinity, got -1'],
    [{ maxRetries: NaN }, 'retry: maxRetries must be a whole number ≥ 0 or Infinity, got NaN'],
    [
      { maxRetries: '3' as never },
      'retry: maxRetries must be a whole number ≥ 0 or Infinity, got 3',
    ],
    [
      { maxRetries: null as never },
      'retry: maxRetries must be a whole number ≥ 0 or Infinity, got null',
    ],
    [{ maxRetryAfterMs: -1 }, 'retry: maxRetryAfterMs must be a number ≥ 0, got -1'],
  ])('refuses %o', (options, message) => {
    expect(() => retry(options)).toThrow(new RangeError(message))
  })

  it('works with no option at all, on the clock of the platform', async () => {
    expect(await run(retry(), () => 'ok')).toBe('ok')
    await expect(run(retry(), () => Promise.reject(failure({ transient: false })))).rejects.toThrow(
      '503',
    )
  })
})

describe('retry, what is worth it', () => {
  it.each([
    ['a failure that says it lasts', failure({ transient: false })],
    ['a bug', new TypeError("can't read properties of undefined")],
    ['an abort of its own', new DOMException('stop', 'AbortError')],
  ])('throws %s at once', async (_, error) => {
    const { outcome, attempts, events } = world(exact)
    expect((await outcome([error])).error).toBe(error)
    expect(attempts).toHaveLength(1)
    expect(events).toEqual([
      {
        type: 'gaveUp',
        key: 'default',
        tag: undefined,
        attempts: 1,
        reason: 'notRetryable',
        error,
      },
    ])
  })

  it.each([
    ['an error that says nothing', new Error('?')],
    ["fetch's TypeError for a network that failed", new TypeError('fetch failed')],
    ['a string', 'boom'],
    ['undefined', undefined],
    ['null', null],
    ['a symbol', Symbol('boom')],
    ['a frozen object', Object.freeze({ code: 1 })],
    ['an object without prototype', Object.create(null)],
    [
      'an error whose message throws',
      Object.defineProperty(new Error('x'), 'message', {
        get() {
          throw new Error('unprintable')
        },
      }),
    ],
  ])('tries %s again, and in the end throws that very value', async (_, thrown) => {
    const { outcome, attempts } = world(exact)
    const result = await outcome(always(thrown))
    expect(attempts).toHaveLength(4)
    expect(result.settled).toBe(true)
    expect(Object.is(result.error, thrown)).toBe(true)
  })

  it('says that a refused network failure may pass', async () => {
    const cause = new TypeError('fetch failed')
    const { outcome } = world({ budget: { tryTake: () => false } })
    expect((await outcome([cause])).error).toMatchObject({
      transient: true,
      reached: 'maybe',
      cause,
    })
  })

  it('asks shouldRetry with the error and the context of the call', async () => {
    const asked: unknown[] = []
    const error = failure({ transient: false })
    const { outcome, attempts } = world({
      ...exact,
      shouldRetry: ({ error, context }) => {
        asked.push([error, context.key])
        return asked.length < 2
      },
    })
    expect((await outcome(always(error), { key: 'a' })).error).toBe(error)
    expect(attempts).toHaveLength(2)
    expect(asked).toEqual([
      [error, 'a'],
      [error, 'a'],
    ])
  })

  it('throws what shouldRetry throws, and says so', async () => {
    const bug = new Error('bug')
    const { outcome, events } = world({
      shouldRetry: () => {
        throw bug
      },
    })
    expect((await outcome([failure()])).error).toBe(bug)
    expect(events).toMatchObject([{ type: 'gaveUp', reason: 'callbackThrew', error: bug }])
  })

  it.each([NaN, -1, Infinity, '1' as never])('says so when a backoff returns %s', async (delay) => {
    const { outcome, attempts } = world({ backoff: () => delay })
    expect((await outcome([failure()])).error).toEqual(
      new RangeError(`retry: a backoff must be a finite number ≥ 0, got ${delay}`),
    )
    expect(attempts).toHaveLength(1)
  })

  it('tells a custom backoff which retry it is, what failed and how long the last wait was', async () => {
    const inputs: unknown[] = []
    const error = failure()
    const { outcome } = world({
      budget: false,
      backoff: ({ random, ...input }) => {
        inputs.push(input)
        expect(random()).toBeLessThan(1)
        return input.retry * 10
      },
    })
    await outcome(always(error))
    expect(inputs).toEqual([
      { retry: 1, previousDelayMs: undefined, error },
      { retry: 2, previousDelayMs: 10, error },
      { retry: 3, previousDelayMs: 20, error },
    ])
  })
})

describe('retry, work-aware', () => {
  it.each(['maybe', 'yes'] as const)(
    'sends once what may be applied once and got there: %s',
    async (reached) => {
      const error = failure({ reached })
      const { outcome, attempts, events } = world(exact)
      expect((await outcome([error], { idempotent: false })).error).toBe(error)
      expect(attempts).toHaveLength(1)
      expect(events).toMatchObject([{ type: 'gaveUp', reason: 'notIdempotent' }])
    },
  )

  it('sends it again when the server did no work on it', async () => {
    const { outcome, attempts } = world(exact)
    const result = await outcome([failure({ reached: 'no' })], { idempotent: false })
    expect(result.value).toBe('ok')
    expect(attempts).toHaveLength(2)
  })

  it('sends nothing twice whose error does not say how far it got', async () => {
    const { outcome, attempts } = world(exact)
    await outcome([new TypeError('fetch failed')], { idempotent: false })
    expect(attempts).toHaveLength(1)
  })
})

describe('retry, server hints', () => {
  it('waits what the server asks, or up to half of it longer', () => {
    return fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 60_000 }), async (seed, hintMs) => {
        const { outcome, attempts, events } = world(
          { ...exact, backoff: fullJitter({ baseDelayMs: 1, maxDelayMs: 1 }) },
          seed,
        )
        await outcome([failure({ retryAfterMs: hintMs })])
        expect(attempts[1]?.atMs).toBeGreaterThanOrEqual(hintMs)
        expect(attempts[1]?.atMs).toBeLessThanOrEqual(hintMs * 1.5)
        expect(events).toMatchObject([{ type: 'retryScheduled', hintMs }])
      }),
      { numRuns: 50 },
    )
  })

  it('adds 30 s at most', async () => {
    const { outcome, attempts } = world({ ...exact, random: () => 0.999999 })
    await outcome([failure({ retryAfterMs: 200_000 })])
    expect(attempts[1]?.atMs).toBeCloseTo(230_000, 0)
  })

  it('waits the backoff when that is longer than the hint', async () => {
    const { outcome, attempts } = world({ ...exact, random: () => 0 })
    await outcome([failure({ retryAfterMs: 10 })])
    expect(attempts[1]?.atMs).toBe(1000)
  })

  it.each([0, -5, NaN])('takes a hint of %s for none', async (retryAfterMs) => {
    const { outcome, attempts } = world(exact)
    await outcome([failure({ retryAfterMs })])
    expect(attempts[1]?.atMs).toBe(1000)
  })

  it('gives up at once when the hint is longer than maxRetryAfterMs, and says until when', async () => {
    const cause = failure({ retryAfterMs: 300_001, reached: 'no', throttled: true })
    const { outcome, attempts, events, clock } = world(exact)
    const wallMs = clock.wallNow()
    const result = await outcome([cause], { key: 'https://a.test' })
    expect(result.error).toBeInstanceOf(EvenkeelError)
    expect(result.error).toMatchObject({
      code: 'RETRY_AFTER_TOO_LONG',
      message: 'The server asks to stay away for 300001 ms',
      key: 'https://a.test',
      retryAfterMs: 300_001,
      reached: 'no',
      transient: true,
      throttled: true,
      cause,
    })
    expect(named(result).retryAt).toEqual(new Date(wallMs + 300_001))
    expect(attempts).toHaveLength(1)
    expect(clock.pending).toBe(0)
    expect(events).toMatchObject([{ type: 'gaveUp', reason: 'retryAfterTooLong' }])
  })

  it('never sets a timer for a hint of 30 days or for ever', async () => {
    for (const retryAfterMs of [2_592_000_000, Infinity]) {
      const { outcome } = world({ ...exact, maxRetryAfterMs: 300_000 })
      expect((await outcome([failure({ retryAfterMs })])).error).toMatchObject({
        code: 'RETRY_AFTER_TOO_LONG',
      })
    }
  })

  it('throws the error itself, not a refusal, when no retry is left', async () => {
    const error = failure({ retryAfterMs: 300_001 })
    const { outcome } = world({ ...exact, maxRetries: 0 })
    expect((await outcome([error])).error).toBe(error)
  })
})

describe('retry, deadline', () => {
  it('gives up at once when the wait does not fit', async () => {
    const cause = failure({ retryAfterMs: 60_000, reached: 'maybe' })
    const { outcome, clock, attempts } = world({ ...exact, random: () => 0 })
    const result = await outcome([cause], { deadlineMs: 10_000 })
    expect(result.error).toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      message: 'A wait of 60000 ms would miss the deadline',
      retryAfterMs: 60_000,
      reached: 'maybe',
      cause,
    })
    expect(attempts).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })

  it('rounds the wait that would not fit up to whole milliseconds', async () => {
    const { outcome } = world({ ...exact, backoff: () => 5000.25 })
    expect((await outcome([failure()], { deadlineMs: 1000 })).error).toMatchObject({
      message: 'A wait of 5001 ms would miss the deadline',
      retryAfterMs: 5001,
    })
  })

  it('retries as long as the wait fits', async () => {
    const { outcome, attempts, events } = world({ ...exact, maxRetries: 9 })
    const result = await outcome(always(failure()), { deadlineMs: 2500 })
    expect(attempts.map(({ atMs }) => atMs)).toEqual([0, 1000, 2000])
    expect(named(result).code).toBe('DEADLINE_EXCEEDED')
    expect(events.at(-1)).toMatchObject({ type: 'gaveUp', attempts: 3, reason: 'deadlineExceeded' })
  })

  it('makes no attempt at the very deadline', async () => {
    const { outcome, attempts } = world(exact)
    await outcome([failure()], { deadlineMs: 1000 })
    expect(attempts).toHaveLength(1)
  })
})
