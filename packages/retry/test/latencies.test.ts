import { seededRandom } from '@evenkeel/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Latencies, latencies, latencyQuantileMs, observeLatency } from '../src/index.ts'

function seen(times: Iterable<number>): Latencies {
  const all = latencies()
  for (const time of times) observeLatency(all, time)
  return all
}

describe('the quantile of latencies', () => {
  it('is not known before there are enough calls to say', () => {
    expect(latencyQuantileMs(latencies(), 0.95)).toBeUndefined()
    expect(latencyQuantileMs(seen(Array(19).fill(10)), 0.95)).toBeUndefined()
    expect(latencyQuantileMs(seen(Array(20).fill(10)), 0.95)).toBeGreaterThan(10)
    expect(latencyQuantileMs(seen([10, 10]), 0.5)).toBeGreaterThan(10)
  })

  it('is exceeded by its share of the calls at most, and is less than a fifth too long', () =>
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1, max: 1e6, noNaN: true }), { minLength: 20, maxLength: 400 }),
        fc.constantFrom(0.5, 0.9, 0.95),
        (times, quantile) => {
          const found = latencyQuantileMs(seen(times), quantile) as number
          const share = (limit: number): number =>
            times.filter((time) => time > limit).length / times.length
          expect(share(found)).toBeLessThanOrEqual(1 - quantile + 1e-9)
          expect(share(found / 2 ** 0.25 - 1e-6)).toBeGreaterThan(1 - quantile - 1e-9)
        },
      ),
    ))

  it('finds the 95th percentile of an exponential latency', () => {
    const random = seededRandom(2)
    const found = latencyQuantileMs(
      seen(Array.from({ length: 5000 }, () => -100 * Math.log(1 - random()))),
      0.95,
    ) as number
    // −100 ln 0.05
    expect(found / 299.6).toBeGreaterThan(0.9)
    expect(found / 299.6).toBeLessThan(1.3)
  })

  it('follows a server that has become faster, within a thousand calls or two', () => {
    const all = seen(Array(5000).fill(800))
    for (let call = 0; call < 5000; call++) observeLatency(all, 20)
    expect(latencyQuantileMs(all, 0.95)).toBeLessThan(25)
  })

  it('takes what is off its scale for the ends of it', () => {
    expect(latencyQuantileMs(seen(Array(20).fill(0)), 0.95)).toBeLessThan(1.2)
    expect(latencyQuantileMs(seen(Array(20).fill(1e12)), 0.95)).toBe(2 ** 20)
  })
})
