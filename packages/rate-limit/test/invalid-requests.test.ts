import { describe, expect, test } from 'vitest'
import { invalidRequests, slidingWindow } from '../src/index.ts'
import { world } from './world.ts'

describe('invalidRequests', () => {
  const at = { key: 'api', route: 'r' }

  test('stops a key at its count, until one is old enough', async () => {
    const { clock, call, limit } = world({ limits: [invalidRequests({ maxInvalid: 3 })] })
    for (let index = 0; index < 3; index++) {
      expect(await call('a')).toBe('a')
      limit.learn(at, { invalid: true })
      await clock.advance(1000)
    }
    await expect(call('b')).rejects.toMatchObject({
      code: 'TOO_MANY_INVALID',
      retryAfterMs: 597_000,
      transient: true,
    })
    await clock.advance(597_000)
    expect(await call('c')).toBe('c')
    limit.learn(at, { invalid: true })
    await expect(call('d')).rejects.toMatchObject({ retryAfterMs: 1000 })
  })

  test('counts neither other responses nor other keys', async () => {
    const { call, limit } = world({ limits: [invalidRequests({ maxInvalid: 1 })] })
    limit.learn(at, { remaining: 3 })
    limit.learn({ ...at, key: 'other' }, { invalid: true })
    expect(await call('a')).toBe('a')
  })

  test('stops at 5000 in 10 minutes by default', async () => {
    const { call, limit } = world({ limits: [invalidRequests()] })
    for (let index = 0; index < 4999; index++) limit.learn(at, { invalid: true })
    expect(await call('a')).toBe('a')
    limit.learn(at, { invalid: true })
    await expect(call('b')).rejects.toMatchObject({ retryAfterMs: 600_000 })
  })

  test('turns away those who wait as well', async () => {
    const { call, limit } = world({
      limits: [invalidRequests({ maxInvalid: 1 }), slidingWindow({ limit: 1, windowMs: 5000 })],
    })
    await call('a')
    const waiting = call('b')
    limit.learn(at, { invalid: true })
    await expect(waiting).rejects.toMatchObject({ code: 'TOO_MANY_INVALID', retryAfterMs: 600_000 })
  })

  test('is remembered as long as it counts', () => {
    const limit = invalidRequests({ windowMs: 1000 })(
      'api',
      () => 0,
      () => {},
    )
    expect(limit.isNeeded?.(0)).toBe(false)
    limit.learn?.('r', { invalid: true }, 0)
    expect(limit.isNeeded?.(999)).toBe(true)
    expect(limit.isNeeded?.(1000)).toBe(false)
  })
})

test.each([
  [{ maxInvalid: 0.5 }, 'invalidRequests: maxInvalid must be a whole number ≥ 1, got 0.5'],
  [{ windowMs: 0 }, 'invalidRequests: windowMs must be a number ≥ 1, got 0'],
])('refuses %o at creation', (options, message) => {
  expect(() => invalidRequests(options)).toThrow(new RangeError(message))
})
