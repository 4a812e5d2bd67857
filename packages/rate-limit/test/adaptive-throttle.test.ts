import { EvenkeelError } from '@evenkeel/core'
import { seededRandom } from '@evenkeel/core/testing'
import { describe, expect, test } from 'vitest'
import { type AdaptiveThrottleOptions, adaptiveThrottle } from '../src/index.ts'
import { world } from './world.ts'

const down = () => Promise.reject(new Error('503'))

function throttled(options: AdaptiveThrottleOptions = {}) {
  const w = world({ limits: [adaptiveThrottle(options)], random: () => 0 })
  /** How many of `count` calls were turned away. */
  const send = async (count: number, action?: () => Promise<string>) => {
    let away = 0
    for (let index = 0; index < count; index++)
      await w.call('x', action).catch(({ code }) => {
        if (code === 'THROTTLED') away++
      })
    return away
  }
  return { ...w, send }
}

describe('adaptiveThrottle', () => {
  test('turns none away while the server accepts half of them', async () => {
    const { send } = throttled()
    for (let index = 0; index < 20; index++) {
      expect(await send(1)).toBe(0)
      expect(await send(1, down)).toBe(0)
    }
  })

  test('turns away with probability (requests − 2 accepts) / (requests + 1)', async () => {
    let chance = 1 - 2 ** -53
    const { call, limit } = world({ limits: [adaptiveThrottle()], random: () => chance })
    for (let index = 0; index < 10; index++) await call('ok')
    for (let index = 0; index < 30; index++) await call('bad', down).catch(() => {})
    // 40 requests, 10 accepts: 20 in 41.
    chance = 20 / 41
    expect(await call('sent')).toBe('sent')
    // 41 requests, 11 accepts: 19 in 42.
    chance = 19 / 42 - 1e-9
    await expect(call('away')).rejects.toMatchObject({
      code: 'THROTTLED',
      message: 'Not sent to api: rate limited',
      retryAfterMs: undefined,
      transient: true,
    })
    expect(limit.state('api').queued).toBe(0)
  })

  test('lets go sooner after an outage than the book does, which counts whom it turns away', async () => {
    const needless = async (countRefused: boolean) => {
      const w = world({ limits: [adaptiveThrottle({ countRefused })], random: seededRandom(3) })
      let away = 0
      for (let second = 0; second < 600; second++) {
        await w.call('x', second < 120 ? down : undefined).catch(({ code }) => {
          if (code === 'THROTTLED' && second >= 120) away++
        })
        await w.clock.advance(1000)
      }
      return away
    }
    expect(await needless(false)).toBeLessThan(60)
    expect(await needless(true)).toBeGreaterThan(200)
  })

  test('never turns away a critical call', async () => {
    const { send, call } = throttled()
    await send(10, down)
    expect(await call('c', undefined, { priority: 'critical' })).toBe('c')
  })

  test('forgets what is older than its window', async () => {
    const { clock, send } = throttled({ windowMs: 10_000 })
    await send(1, down)
    await clock.advance(9000)
    expect(await send(1)).toBe(1)
    await clock.advance(1000)
    expect(await send(1)).toBe(0)
  })

  test('does not count a call that was never sent, or that its caller gave up', async () => {
    const { send } = throttled()
    const unsent = () => Promise.reject(new EvenkeelError('CIRCUIT_OPEN', 'open'))
    const aborted = () => Promise.reject(new DOMException('no', 'AbortError'))
    expect(await send(20, unsent)).toBe(0)
    expect(await send(20, aborted)).toBe(0)
  })

  test('takes an answer for an answer, whatever it says', async () => {
    const { send } = throttled()
    const notFound = () =>
      Promise.reject(new EvenkeelError('NOT_FOUND', '404', { transient: false, reached: 'yes' }))
    expect(await send(20, notFound)).toBe(0)
  })

  test('is remembered as long as it says something', () => {
    const limit = adaptiveThrottle({ windowMs: 1000 })(
      'api',
      () => 0,
      () => {},
    )
    const call = { route: 'r', priority: 'important' } as const
    expect(limit.isNeeded?.(0)).toBe(false)
    limit.ended?.(call, 'rejected', 0)
    expect(limit.startAtMs(call, 0, 0)).toBe(-Infinity)
    expect(limit.isNeeded?.(999)).toBe(true)
    expect(limit.isNeeded?.(5000)).toBe(false)
  })
})

test.each([
  [{ k: 0.9 }, 'adaptiveThrottle: k must be a number ≥ 1, got 0.9'],
  [{ windowMs: 0 }, 'adaptiveThrottle: windowMs must be a number ≥ 1, got 0'],
])('refuses %o at creation', (options, message) => {
  expect(() => adaptiveThrottle(options)).toThrow(new RangeError(message))
})
