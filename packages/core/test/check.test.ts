import { describe, expect, test } from 'vitest'
import { checkNoOther, checkNumber } from '../src/index.ts'

describe('checkNumber', () => {
  test('accepts a number within its range, bounds and Infinity included', () => {
    checkNumber('retry', 'maxRetries', 0, 0)
    checkNumber('retry', 'maxRetries', Infinity, 0)
    checkNumber('trip', 'ratio', 1, 0, 1)
  })

  test('names owner, option, rule and value', () => {
    expect(() => checkNumber('retry', 'baseDelayMs', -1, 0)).toThrow(
      new RangeError('retry: baseDelayMs must be a number ≥ 0, got -1'),
    )
    expect(() => checkNumber('trip', 'ratio', 1.5, 0, 1)).toThrow(
      new RangeError('trip: ratio must be a number from 0 to 1, got 1.5'),
    )
    expect(() =>
      checkNumber('retry', 'maxDelayMs', 100, 1000, Infinity, '≥ baseDelayMs (1000)'),
    ).toThrow(new RangeError('retry: maxDelayMs must be ≥ baseDelayMs (1000), got 100'))
  })

  test.each([Number.NaN, '5', null, undefined, 5n, Symbol('five'), { valueOf: () => 5 }])(
    'refuses what is no number: %s',
    (value) => {
      expect(() => checkNumber('o', 'n', value, 0)).toThrow(RangeError)
    },
  )
})

test('checkNoOther names an option that is none', () => {
  const { maxRetries, ...others } = JSON.parse('{ "maxRetries": 3, "retries": 5 }')
  expect(maxRetries).toBe(3)
  expect(() => checkNoOther('retry', others)).toThrow(
    new RangeError('retry: there is no option retries'),
  )
  expect(() => checkNoOther('retry', {})).not.toThrow()
})
