import { seededRandom } from '@evenkeel/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Backoff,
  constant,
  decorrelatedJitter,
  equalJitter,
  fullJitter,
  table,
} from '../src/index.ts'

const top = 1 - 2 ** -53

function wait(backoff: Backoff, retry: number, chance: number, previousDelayMs?: number): number {
  return backoff({ retry, previousDelayMs, error: undefined, random: () => chance })
}

describe('fullJitter', () => {
  it.each([
    [1, 0, 50],
    [1, top, 1000],
    [2, top, 2000],
    [3, 0.5, 2025],
    [7, top, 60_000],
    [7, 0, 50],
    [2000, top, 60_000],
  ])('retry %i with chance %d waits %d ms', (retry, chance, delayMs) => {
    expect(wait(fullJitter(), retry, chance)).toBeCloseTo(delayMs, 6)
  })

  it('is spread evenly: a tenth of the clients in each tenth of the range', () => {
    const random = seededRandom(7)
    const backoff = fullJitter({ baseDelayMs: 1000 })
    const tenths = Array(10).fill(0)
    for (let client = 0; client < 10_000; client++)
      tenths[Math.floor(((wait(backoff, 1, random()) - 50) / 950) * 10)]++
    for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })
})

describe('equalJitter', () => {
  it.each([
    [1, 0, 500],
    [1, top, 1000],
    [3, 0.5, 3000],
    [99, top, 60_000],
    [99, 0, 30_000],
  ])('retry %i with chance %d waits %d ms', (retry, chance, delayMs) => {
    expect(wait(equalJitter(), retry, chance)).toBeCloseTo(delayMs, 6)
  })
})

describe('decorrelatedJitter', () => {
  it.each([
    [undefined, 0, 1000],
    [undefined, top, 3000],
    [3000, top, 9000],
    [3000, 0, 1000],
    [50_000, top, 60_000],
    [50_000, 0.5, 30_500],
    [10, top, 1000],
  ])('after %s ms with chance %d waits %d ms', (previousDelayMs, chance, delayMs) => {
    expect(wait(decorrelatedJitter(), 1, chance, previousDelayMs)).toBeCloseTo(delayMs, 6)
  })

  it('sends no crowd to exactly the cap', () => {
    const random = seededRandom(3)
    const backoff = decorrelatedJitter()
    const waits = Array.from({ length: 1000 }, () => wait(backoff, 9, random(), 60_000))
    expect(waits.filter((delayMs) => delayMs === 60_000)).toEqual([])
  })
})

describe('constant and table', () => {
  it.each([
    [constant(200), 1, 0, 200],
    [constant(200), 9, top, 300],
    [constant(200, { jitterRatio: 0 }), 2, top, 200],
    [table([100, 500]), 1, 0, 100],
    [table([100, 500]), 2, 0, 500],
    [table([100, 500]), 9, 0.5, 625],
    [table([100, 500], { jitterRatio: 1 }), 1, top, 200],
  ])('%#', (backoff, retry, chance, delayMs) => {
    expect(wait(backoff, retry, chance)).toBeCloseTo(delayMs, 6)
  })
})

describe('every backoff', () => {
  it('stays within its range, and above 0, whatever the retry, the chance and the wait before', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.double({ min: 0, max: top, noNaN: true }),
        fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { nil: undefined }),
        (baseDelayMs, above, retry, chance, previous) => {
          const range = { baseDelayMs, maxDelayMs: baseDelayMs + above }
          for (const make of [fullJitter, equalJitter, decorrelatedJitter]) {
            const delayMs = wait(make(range), retry, chance, previous)
            expect(delayMs).toBeGreaterThan(0)
            expect(delayMs).toBeLessThanOrEqual(range.maxDelayMs + 1e-6)
          }
        },
      ),
    )
  })

  it.each([fullJitter, equalJitter, decorrelatedJitter])('checks its range', (make) => {
    expect(() => make({ maxDelayMs: 100 })).toThrow(
      new RangeError('retry: maxDelayMs must be ≥ baseDelayMs (1000), got 100'),
    )
    expect(() => make({ baseDelayMs: 0 })).toThrow(
      new RangeError('retry: baseDelayMs must be a finite number ≥ 1, got 0'),
    )
    expect(() => make({ baseDelayMs: Infinity, maxDelayMs: Infinity })).toThrow(RangeError)
    expect(wait(make({ maxDelayMs: Infinity }), 30, 0.5, 1e9)).toBeGreaterThan(60_000)
  })

  it('checks its waits', () => {
    expect(() => constant(0)).toThrow(
      new RangeError('retry: delayMs must be a finite number ≥ 1, got 0'),
    )
    expect(() => constant(1, { jitterRatio: -1 })).toThrow(
      new RangeError('retry: jitterRatio must be a number ≥ 0, got -1'),
    )
    expect(() => table([])).toThrow(
      new RangeError('retry: delaysMs.length must be a number ≥ 1, got 0'),
    )
    expect(() => table([100, NaN])).toThrow(
      new RangeError('retry: delayMs must be a finite number ≥ 1, got NaN'),
    )
    expect(() => table([Infinity])).toThrow(RangeError)
  })
})
