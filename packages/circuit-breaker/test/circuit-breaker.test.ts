import { EvenkeelError, errorCode, isTransient, reached, retryAfterMs } from '@evenkeel/core'
import { describe, expect, it } from 'vitest'
import { circuitBreaker, consecutiveFailures } from '../src/index.ts'
import { failure, world } from './world.ts'

describe('circuitBreaker', () => {
  it('lets a success through untouched', async () => {
    const { succeed, breaker, events } = world()
    expect(await succeed()).toEqual({ value: 'ok' })
    expect(breaker.state('default')).toBe('closed')
    expect(breaker.name).toBe('circuitBreaker')
    expect(events).toEqual([])
  })

  it('throws the failure itself while closed', async () => {
    const { fail } = world()
    const error = failure()
    expect(await fail(error)).toEqual({ error })
  })

  it('opens after eight failures in a row, and then calls nothing', async () => {
    const { failTimes, start, breaker } = world()
    await failTimes(7)
    expect(breaker.state('default')).toBe('closed')
    await failTimes(1)
    expect(breaker.state('default')).toBe('open')
    expect(start().isAdmitted).toBe(false)
  })

  it('refuses with the time at which to come back, and without a stack', async () => {
    const { failTimes, start, clock } = world()
    await failTimes(8)
    await clock.advance(1200.5)
    const { error } = (await start({ key: 'default' }).ending) as { error: EvenkeelError }
    expect(error).toBeInstanceOf(EvenkeelError)
    expect(errorCode(error)).toBe('CIRCUIT_OPEN')
    expect(error.message).toBe('Circuit default is open for another 3800 ms')
    expect(error.key).toBe('default')
    expect(isTransient(error)).toBe(true)
    expect(reached(error)).toBe('no')
    expect(retryAfterMs(error)).toBe(3800)
    expect(error.retryAt).toEqual(new Date(clock.wallNow() + 3800))
    expect(error.stack).not.toContain('\n')
    expect(new Error('other').stack).toContain('circuit-breaker.test')
  })

  it('leaves stack traces alone where they have no limit, or one that is frozen', async () => {
    const { failTimes, start } = world()
    await failTimes(8)
    const before = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit') ?? {}
    try {
      Object.defineProperty(Error, 'stackTraceLimit', { ...before, value: 7, writable: false })
      expect(errorCode(((await start().ending) as { error: unknown }).error)).toBe('CIRCUIT_OPEN')
      expect(Error.stackTraceLimit).toBe(7)
      Object.defineProperty(Error, 'stackTraceLimit', { ...before, value: undefined })
      expect(errorCode(((await start().ending) as { error: unknown }).error)).toBe('CIRCUIT_OPEN')
      expect(Error.stackTraceLimit).toBe(undefined)
    } finally {
      Object.defineProperty(Error, 'stackTraceLimit', before)
    }
  })

  it('keeps the circuits of keys apart', async () => {
    const { fail, start } = world({ trip: consecutiveFailures({ threshold: 1 }) })
    await fail(undefined, { key: 'a' })
    expect(start({ key: 'a' }).isAdmitted).toBe(false)
    expect(start({ key: 'b' }).isAdmitted).toBe(true)
  })

  it('tells each change once, with what an app needs to show it', async () => {
    const { fail, start, succeed, clock, events, breaker } = world({
      trip: consecutiveFailures({ threshold: 1 }),
    })
    const openedAt = clock.wallNow()
    await fail(undefined, { key: 'a' })
    await start({ key: 'a', priority: 'deferred', tag: 'call 2' }).ending
    await clock.advance(5000)
    expect(breaker.state('a')).toBe('half-open')
    await succeed({ key: 'a' })
    breaker.isolate('a')
    breaker.reset('a')
    expect(events).toEqual([
      {
        type: 'opened',
        key: 'a',
        isCritical: false,
        reason: 'consecutiveFailures',
        openMs: 5000,
        retryAt: new Date(openedAt + 5000),
      },
      {
        type: 'rejected',
        key: 'a',
        state: 'open',
        retryAfterMs: 5000,
        priority: 'deferred',
        tag: 'call 2',
      },
      { type: 'halfOpened', key: 'a', isCritical: false },
      { type: 'closed', key: 'a', isCritical: false },
      { type: 'isolated', key: 'a' },
      { type: 'reset', key: 'a' },
    ])
  })

  it('holds a bounded number of keys, and the open ones longest', async () => {
    const { fail, succeed, breaker } = world({
      trip: consecutiveFailures({ threshold: 1 }),
      maxKeys: 40,
    })
    await fail(undefined, { key: 'broken' })
    for (let each = 0; each < 500; each++) await succeed({ key: `key ${each}` })
    expect(breaker.state('broken')).toBe('open')
    for (let each = 0; each < 500; each++) await fail(undefined, { key: `broken ${each}` })
    expect(breaker.circuits.entries().size).toBeLessThanOrEqual(40)
  })

  it('forgets the failures of a key that rested', async () => {
    const { failTimes, succeed, clock, breaker } = world({ idleMs: 1000 })
    await failTimes(7)
    await clock.advance(1000)
    await succeed({ key: 'other' })
    await clock.advance(1000)
    await succeed({ key: 'another' })
    await failTimes(1)
    expect(breaker.state('default')).toBe('closed')
  })

  it('starts no timer', async () => {
    const { failTimes, start, clock } = world()
    await failTimes(11)
    await start().ending
    expect(clock.pending).toBe(0)
  })

  it('works with no option at all, on the clock of the platform', async () => {
    const breaker = circuitBreaker()
    breaker.isolate()
    expect(breaker.state('anything')).toBe('isolated')
  })

  it.each([
    [{ openMs: 0 }, 'circuitBreaker: openMs must be a number ≥ 1, got 0'],
    [{ openMs: 9, maxOpenMs: 8 }, 'circuitBreaker: maxOpenMs must be ≥ openMs (9), got 8'],
    [{ maxProbes: 0 }, 'circuitBreaker: maxProbes must be a number ≥ 1, got 0'],
    [{ probeLeaseMs: NaN }, 'circuitBreaker: probeLeaseMs must be a number ≥ 1, got NaN'],
    [{ rampMs: -1 }, 'circuitBreaker: rampMs must be a number ≥ 0, got -1'],
  ])('refuses %o when it is made', (options, message) => {
    expect(() => circuitBreaker(options)).toThrow(new RangeError(message))
  })
})

describe('isolate and reset', () => {
  it('holds a circuit open until it is reset', async () => {
    const { breaker, start, clock, succeed } = world()
    breaker.isolate('default')
    await clock.advance(86_400_000)
    const { error } = (await start().ending) as { error: EvenkeelError }
    expect(error).toMatchObject({
      code: 'CIRCUIT_OPEN',
      message: 'Circuit default is isolated',
      transient: false,
      retryAfterMs: undefined,
    })
    expect(breaker.state('default')).toBe('isolated')
    breaker.reset('default')
    expect(await succeed()).toEqual({ value: 'ok' })
  })

  it('isolates all, also keys not seen yet, and resets all', async () => {
    const { breaker, succeed, start, events } = world()
    await succeed({ key: 'seen' })
    breaker.isolate()
    expect(start({ key: 'seen' }).isAdmitted).toBe(false)
    expect(start({ key: 'unseen' }).isAdmitted).toBe(false)
    expect(breaker.state('never called')).toBe('isolated')
    breaker.reset()
    expect(start({ key: 'seen' }).isAdmitted).toBe(true)
    expect(start({ key: 'unseen' }).isAdmitted).toBe(true)
    expect(events.filter(({ type }) => type !== 'rejected')).toEqual([
      { type: 'isolated', key: undefined },
      { type: 'reset', key: undefined },
    ])
  })

  it('closes an open circuit at once, without a ramp, as if it had never opened', async () => {
    const { breaker, failTimes, start } = world({}, 0.999)
    await failTimes(8)
    breaker.reset('default')
    expect(start().isAdmitted).toBe(true)
    await failTimes(7)
    expect(breaker.state('default')).toBe('closed')
  })

  it('ignores results of calls that began before', async () => {
    const { breaker, start } = world({ trip: consecutiveFailures({ threshold: 1 }) })
    const before = start()
    breaker.reset()
    await before.fail()
    expect(breaker.state('default')).toBe('closed')
  })
})
