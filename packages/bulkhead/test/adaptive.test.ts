import { describe, expect, it } from 'vitest'
import { aimd, type ConcurrencyLimit, gradient } from '../src/index.ts'
import { world } from './world.ts'

/** Ends calls one after another, as many under way as the limit allows unless told. */
function feed(
  limit: ConcurrencyLimit,
  calls: number,
  { durationMs = 100, failed = false, inFlight = undefined as number | undefined } = {},
): number {
  for (let each = 0; each < calls; each++)
    limit.ended?.(failed, durationMs, inFlight ?? Math.floor(limit.value))
  return limit.value
}

describe('aimd', () => {
  it.each([
    ['grows by one in a round trip', 10, 10, {}, 10.96],
    ['grows by a part for each success', 4, 1, {}, 4.25],
    ['shrinks by a tenth for a failure', 10, 1, { failed: true }, 9],
    ['takes a slow call for a failure', 10, 1, { durationMs: 5001 }, 9],
    ['takes one that is as slow as may be for a success', 10, 1, { durationMs: 5000 }, 10.1],
    ['grows when half of it is used', 10, 1, { inFlight: 5 }, 10.1],
    ['does not grow when less is used', 10, 1000, { inFlight: 4 }, 10],
    ['shrinks no further than to its minimum', 10, 100, { failed: true }, 1],
    ['grows no further than to its maximum', 99.99, 9, {}, 100],
  ])('%s', (_, initial, calls, call, expected) => {
    expect(feed(aimd({ initial })(), calls, call)).toBeCloseTo(expected, 2)
  })

  it('goes by its options', () => {
    const limit = aimd({ initial: 8, min: 5, max: 9, decreaseRatio: 0.5, slowMs: 50 })()
    expect(feed(limit, 1, { durationMs: 50 })).toBe(8.125)
    expect(feed(limit, 50, { durationMs: 50 })).toBe(9)
    expect(feed(limit, 1)).toBe(5)
  })

  it('finds what a server can take, and holds it', () => {
    // It fails what comes when more than 20 are under way.
    const limit = aimd()()
    const seen: number[] = []
    for (let call = 0; call < 20_000; call++) {
      const inFlight = Math.floor(limit.value)
      limit.ended?.(inFlight > 20, 100, inFlight)
      if (call > 2000) seen.push(inFlight)
    }
    expect([Math.min(...seen), Math.max(...seen)]).toEqual([18, 21])
  })

  it.each([
    [{ min: 0 }, 'aimd: min must be a number ≥ 1, got 0'],
    [{ min: 9, max: 8 }, 'aimd: max must be ≥ min (9), got 8'],
    [{ initial: 101 }, 'aimd: initial must be from min (1) to max (100), got 101'],
    [{ decreaseRatio: 0.4 }, 'aimd: decreaseRatio must be a number from 0.5 to 1, got 0.4'],
    [{ slowMs: 0 }, 'aimd: slowMs must be a number ≥ 1, got 0'],
  ])('refuses %o', (options, message) => {
    expect(() => aimd(options)).toThrow(new RangeError(message))
  })
})

describe('gradient', () => {
  /** A limit that has seen ten windows of calls of 100 ms, and has had nothing to grow by. */
  function seasoned(): ConcurrencyLimit {
    const limit = gradient({ queueSize: 0 })()
    feed(limit, 100)
    return limit
  }

  it.each([
    ['waits for the whole window', 9, { durationMs: 400 }, 10],
    ['leaves a window alone that takes half as long again', 10, { durationMs: 150 }, 10],
    ['shrinks in the measure in which calls take longer', 10, { durationMs: 250 }, 9.36],
    ['takes a call for at most twice too slow', 10, { durationMs: 1e6 }, 9],
    ['does nothing when less than half of it is used', 10, { durationMs: 250, inFlight: 4 }, 10],
    ['shrinks by a tenth for a failure, at once', 1, { failed: true }, 9],
    ['shrinks no further than to its minimum', 100, { failed: true }, 1],
  ])('%s', (_, calls, call, expected) => {
    expect(feed(seasoned(), calls, call)).toBeCloseTo(expected, 2)
  })

  it('grows by a fifth of what may queue, each window, up to its maximum', () => {
    const limit = gradient({ max: 12 })()
    expect(feed(limit, 10)).toBeCloseTo(10.8, 10)
    expect(feed(limit, 10)).toBeCloseTo(10.8, 10)
    expect(feed(limit, 1)).toBeCloseTo(11.6, 10)
    expect(feed(limit, 100)).toBe(12)
  })

  it('gets used to longer times, and forgets them sooner when they are over', () => {
    const limit = seasoned()
    feed(limit, 2000, { durationMs: 300 })
    const used = limit.value
    feed(limit, 100, { durationMs: 300 })
    expect(limit.value).toBe(used)
    feed(limit, 300, { durationMs: 100 })
    const before = limit.value
    // Without the decay 300 ms would still be usual for hundreds of windows.
    expect(feed(limit, 30, { durationMs: 350 })).toBeLessThan(before)
  })

  it('gets used to longer times however long it has run', () => {
    const limit = seasoned()
    feed(limit, 12_000)
    feed(limit, 3000, { durationMs: 148 })
    // Over six hundred windows 119 ms have become usual, over all there were it would be 110.
    expect(feed(limit, 10, { durationMs: 178 })).toBe(10)
  })

  it('takes no time at all for a time', () => {
    expect(feed(gradient()(), 10, { durationMs: 0 })).toBeCloseTo(10.8, 10)
  })

  it.each([
    [{ initial: 0 }, 'gradient: initial must be from min (1) to max (100), got 0'],
    [{ tolerance: 0.9 }, 'gradient: tolerance must be a number ≥ 1, got 0.9'],
    [{ queueSize: -1 }, 'gradient: queueSize must be a number ≥ 0, got -1'],
    [{ decreaseRatio: 1.1 }, 'gradient: decreaseRatio must be a number from 0.5 to 1, got 1.1'],
  ])('refuses %o', (options, message) => {
    expect(() => gradient(options)).toThrow(new RangeError(message))
  })
})

describe('a bulkhead with an adaptive limit', () => {
  it('has a limit for each key, and tells when it moves', async () => {
    const {
      crowd,
      start,
      told,
      clock,
      bulkhead: made,
    } = world({
      limit: aimd({ initial: 2, slowMs: 1000 }),
      slowStart: false,
    })
    await crowd(2, 'important')[0]?.fail()
    expect(made.state('api').limit).toBe(1)
    expect(made.state('other').limit).toBe(2)
    const slow = start('slow', { key: 'other' })
    await clock.advance(1001)
    await slow.succeed()
    expect(made.state('other').limit).toBe(1)
    expect(told('limitChanged')).toEqual([
      { type: 'limitChanged', key: 'api', limit: 1 },
      { type: 'limitChanged', key: 'other', limit: 1 },
    ])
  })

  it('starts as many that wait as it grows by', async () => {
    const { crowd, endOne, starts } = world({ limit: aimd({ initial: 1 }) })
    crowd(5, 'important')
    await endOne()
    expect(starts).toHaveLength(3)
  })

  it('is not fooled by a tab that makes one call at a time', async () => {
    const { start, state } = world({ limit: gradient({ initial: 4 }) })
    for (let each = 0; each < 1000; each++) await start(`${each}`).succeed()
    expect(state().limit).toBe(4)
  })

  it('takes one of your own', async () => {
    const { start, state } = world({ limit: () => ({ value: 2.9 }) })
    for (const name of ['one', 'two', 'three']) start(name)
    expect(state()).toEqual({ inFlight: 2, limit: 2, queued: 1 })
  })

  it('tells, when a call ends, that it has moved by itself', async () => {
    const limit = { value: 4 }
    const { crowd, told } = world({ limit: () => limit })
    const calls = crowd(3, 'important')
    limit.value = 2
    for (const call of calls) await call.succeed()
    expect(told('limitChanged')).toEqual([{ type: 'limitChanged', key: 'api', limit: 2 }])
  })

  it.each([0, Number.NaN, -Infinity])('never sinks below one: %d', (value) => {
    const limit = { value: 1 }
    const { start } = world({ limit: () => limit })
    limit.value = value
    expect(start('one').isStarted).toBe(true)
  })
})
