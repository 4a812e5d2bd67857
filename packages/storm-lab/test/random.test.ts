import { describe, expect, it } from 'vitest'
import { minusLog } from '../src/random/logarithm.ts'
import { RandomStream } from '../src/random/random-stream.ts'

const draws = (stream: RandomStream, count: number): number[] =>
  Array.from({ length: count }, () => stream.next())

describe('the logarithm', () => {
  it('is within two units in the last place of the platform’s', () => {
    const stream = new RandomStream(1, 'numbers')
    for (let each = 0; each < 20_000; each++) {
      const k = stream.below(2 ** 32) + 1
      const expected = -Math.log(k / 2 ** 32)
      expect(Math.abs(minusLog(k) - expected)).toBeLessThanOrEqual(2 ** -51 * expected)
    }
    expect(minusLog(2 ** 32)).toBe(0)
  })

  it('has the same bits everywhere', () => {
    expect([1, 3, 12_345, 2 ** 31, 4_000_000_000].map(minusLog)).toEqual([
      22.18070977791825,
      21.08209748925014,
      12.75970337613897,
      Math.LN2,
      0.07114957985194813,
    ])
  })
})

describe('a stream of chance', () => {
  it('has the same numbers everywhere', () => {
    expect(draws(new RandomStream(42, 'users'), 4)).toEqual([
      0.16410612617619336, 0.1998987328261137, 0.22533433907665312, 0.24972388986498117,
    ])
  })

  it('differs by seed and by name', () => {
    const first = draws(new RandomStream(1, 'users'), 8)
    expect(draws(new RandomStream(1, 'users'), 8)).toEqual(first)
    expect(draws(new RandomStream(2, 'users'), 8)).not.toEqual(first)
    expect(draws(new RandomStream(2 ** 40 + 1, 'users'), 8)).not.toEqual(first)
    expect(draws(new RandomStream(1, 'people'), 8)).not.toEqual(first)
  })

  it('is even', () => {
    const stream = new RandomStream(7, 'even')
    const counts = new Array<number>(16).fill(0)
    for (let each = 0; each < 160_000; each++) (counts[stream.below(16)] as number)++
    const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)
    // 15 degrees of freedom: beyond 37.7 once in a thousand.
    expect(chiSquare).toBeLessThan(37.7)
  })

  it('draws times of mean 1, exponential ones with a variance of 1, Erlang ones with half of that', () => {
    const stream = new RandomStream(3, 'times')
    const moments = (draw: () => number): [mean: number, variance: number] => {
      let sum = 0
      let squares = 0
      for (let each = 0; each < 200_000; each++) {
        const time = draw()
        sum += time
        squares += time * time
      }
      const mean = sum / 200_000
      return [mean, squares / 200_000 - mean * mean]
    }
    const [mean, variance] = moments(() => stream.exponential())
    expect(Math.abs(mean - 1)).toBeLessThan(0.01)
    expect(Math.abs(variance - 1)).toBeLessThan(0.03)
    const [erlangMean, erlangVariance] = moments(() => stream.erlang2())
    expect(Math.abs(erlangMean - 1)).toBeLessThan(0.01)
    expect(Math.abs(erlangVariance - 0.5)).toBeLessThan(0.02)
  })
})
