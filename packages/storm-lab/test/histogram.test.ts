import { describe, expect, it } from 'vitest'
import { Histogram } from '../src/metrics/histogram.ts'

describe('a histogram', () => {
  it('tells times within a thirty-second part', () => {
    const histogram = new Histogram()
    for (let ms = 0; ms < 100_000; ms++) histogram.add(ms)
    for (const part of [0.0005, 0.01, 0.5, 0.9, 0.99, 1]) {
      const found = histogram.quantileMs(part) as number
      const exact = part * 100_000
      expect(found).toBeGreaterThanOrEqual(exact)
      expect(found).toBeLessThanOrEqual(exact * (1 + 1 / 32) + 1)
    }
  })

  it('knows nothing of no times, and takes the longest for four minutes', () => {
    const histogram = new Histogram()
    expect(histogram.quantileMs(0.5)).toBeNull()
    histogram.add(1e9)
    expect(histogram.quantileMs(0.5)).toBe(2 ** 18)
  })

  it('adds up', () => {
    const sum = new Histogram()
    const one = new Histogram()
    one.add(10)
    sum.add(1000)
    sum.addAll(one)
    expect(sum.count).toBe(2)
    expect(sum.quantileMs(0.5)).toBe(11)
  })
})
