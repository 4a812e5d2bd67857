import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { median } from '../src/statistics/median.ts'
import { medianRatio } from '../src/statistics/median-ratio.ts'
import { rotate } from '../src/statistics/rotate.ts'

describe('median', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[10, 9, 100], 10],
    [[7], 7],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected)
  })

  it('is NaN of nothing', () => {
    expect(median([])).toBeNaN()
  })

  it('leaves its argument in order', () => {
    const values = [3, 1, 2]
    median(values)
    expect(values).toEqual([3, 1, 2])
  })

  it('has as many values below it as above, in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
        const middle = median(values)
        const below = values.filter((value) => value < middle).length
        const above = values.filter((value) => value > middle).length
        expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2)
      }),
    )
  })
})

describe('medianRatio', () => {
  it('does not see a slowdown that both had in the same round', () => {
    expect(medianRatio([20, 200, 2000], [10, 100, 1000])).toBe(2)
  })

  it('does not follow a single round in which only one was slow', () => {
    expect(medianRatio([20, 20, 900, 20, 20], [10, 10, 10, 10, 10])).toBe(2)
  })
})

describe('rotate', () => {
  it('begins further on and loses nothing', () => {
    expect(rotate(['a', 'b', 'c'], 1)).toEqual(['b', 'c', 'a'])
  })

  it('lets every item come first equally often', () => {
    const firsts = Array.from({ length: 9 }, (_, round) => rotate(['a', 'b', 'c'], round)[0])
    expect(firsts.join('')).toBe('abcabcabc')
  })

  it('takes an empty list', () => {
    expect(rotate([], 3)).toEqual([])
  })
})
