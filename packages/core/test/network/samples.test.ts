import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Samples } from '../../src/network/samples.ts'

it('gives the value that a share of the samples does not exceed', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }), {
        minLength: 3,
        maxLength: 40,
      }),
      fc.constantFrom(0.25, 0.5, 1),
      (values, quantile) => {
        const samples = new Samples(20, 1000)
        for (const value of values) samples.add(value, 0)
        const kept = values.slice(-20)
        const found = samples.quantile(quantile, 3, 0) as number
        const atMost = kept.filter((value) => value <= found).length
        const below = kept.filter((value) => value < found).length
        expect(atMost / kept.length).toBeGreaterThanOrEqual(quantile)
        expect(below / kept.length).toBeLessThan(quantile)
      },
    ),
  )
})

it('takes in nothing that can not have been measured', () => {
  const samples = new Samples(20, 1000)
  for (const value of [1, NaN, -5, Infinity, '600' as never, null as never]) samples.add(value, 0)
  expect(samples.quantile(1, 1, 0)).toBe(1)
  expect(samples.quantile(1, 2, 0)).toBe(undefined)
})

it('knows nothing with fewer samples than are needed, or when they are too old', () => {
  const samples = new Samples(20, 1000)
  samples.add(1, 0)
  samples.add(2, 500)
  expect(samples.quantile(0.5, 3, 999)).toBe(undefined)
  samples.add(3, 500)
  expect(samples.quantile(0.5, 3, 999)).toBe(2)
  expect(samples.quantile(0.5, 3, 1000)).toBe(undefined)
  expect(samples.quantile(1, 2, 1000)).toBe(3)
  samples.clear()
  expect(samples.quantile(1, 1, 1000)).toBe(undefined)
})
