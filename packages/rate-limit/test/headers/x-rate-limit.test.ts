import { describe, expect, it } from 'vitest'
import { xRateLimit } from '../../src/index.ts'
import { fields, NOW } from './fields.ts'

describe('xRateLimit', () => {
  it('reads GitHub’s epoch seconds', () => {
    const headers = fields({
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': '4998',
      'x-ratelimit-reset': `${NOW / 1000 + 1800}`,
      'x-ratelimit-used': '2',
      'x-ratelimit-resource': 'core',
    })
    expect(xRateLimit(headers, NOW)).toEqual({
      limit: 5000,
      remaining: 4998,
      resetAfterMs: 1_800_000,
    })
  })

  it('reads Discord’s decimals, bucket, scope and global, and prefers Reset-After', () => {
    const headers = fields({
      'x-ratelimit-limit': '10',
      'x-ratelimit-remaining': '9',
      'x-ratelimit-reset': '1470173023.123',
      'x-ratelimit-reset-after': '64.57',
      'x-ratelimit-bucket': 'abcd1234',
      'x-ratelimit-scope': 'shared',
      'x-ratelimit-global': 'true',
    })
    expect(xRateLimit(headers, NOW)).toEqual({
      limit: 10,
      remaining: 9,
      resetAfterMs: 64_570,
      bucket: 'abcd1234',
      scope: 'shared',
      global: true,
    })
  })

  it('reads the X-Rate-Limit spelling', () => {
    const headers = fields({ 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': '60' })
    expect(xRateLimit(headers, NOW)).toEqual({ remaining: 0, resetAfterMs: 60_000 })
  })

  it.each([
    ['30', 30_000, 'a small number is seconds from now'],
    ['0', 0, 'now'],
    ['999999999', 999_999_999_000, 'the largest delta'],
    ['1000000000', 0, 'the smallest epoch, in 2001'],
    [`${NOW / 1000 + 60}.25`, 60_250, 'epoch seconds with decimals'],
    ['99999999999', 99_999_999_999_000 - NOW, 'the largest epoch in seconds'],
    ['100000000000', 0, 'the smallest epoch in milliseconds, in 1973'],
    [`${NOW + 60_000}`, 60_000, 'epoch milliseconds'],
    [`${NOW - 60_000}`, 0, 'an epoch that has passed'],
  ])('reads a reset of %s as %i ms: %s', (reset, ms) => {
    expect(xRateLimit(fields({ 'x-ratelimit-reset': reset }), NOW)).toEqual({ resetAfterMs: ms })
  })

  it.each([
    ['reset', `${NOW}000`],
    ['reset', `${NOW}000000`],
    ['reset', '-1'],
    ['reset', '1s'],
    ['reset', '6m0s'],
    ['reset', '2026-11-22T12:01:00Z'],
    ['reset', 'Infinity'],
    ['reset', '1e3'],
    ['reset', '30, 30'],
    ['reset-after', '-0.5'],
    ['reset-after', 'NaN'],
    ['remaining', '-1'],
    ['remaining', '1.5'],
    ['remaining', '0, 5'],
    ['remaining', '9999999999999999'],
    ['limit', 'unlimited'],
    ['limit', '-1'],
    ['bucket', ''],
    ['bucket', 'a'.repeat(129)],
    ['scope', 'Everyone'],
    ['scope', 'user, global'],
    ['global', 'false'],
    ['global', '1'],
  ])('ignores X-RateLimit-%s: %s', (name, value) => {
    expect(xRateLimit(fields({ [`x-ratelimit-${name}`]: value }), NOW)).toBeUndefined()
  })

  it('keeps what is well formed beside what is not', () => {
    const headers = fields({ 'x-ratelimit-remaining': 'many', 'x-ratelimit-limit': '5' })
    expect(xRateLimit(headers, NOW)).toEqual({ limit: 5 })
  })
})
