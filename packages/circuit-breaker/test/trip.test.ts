import { describe, expect, it } from 'vitest'
import {
  anyOf,
  consecutiveFailures,
  failureRate,
  type RateOptions,
  slowCallRate,
  type Trip,
} from '../src/index.ts'
import { world } from './world.ts'

/** A trip with the memory of one key. */
function remembering(trip: Trip) {
  const memory = new Array<number>(trip.size).fill(0)
  return {
    record: (failed: boolean, durationMs: number, nowMs: number) =>
      trip.record(memory, 0, failed, durationMs, nowMs),
  }
}

/** Feeds calls one after another; `x` failed. Returns after how many the trip gave a reason, and which. */
function feed(trip: Trip, calls: string, everyMs = 0, durationMs = 0) {
  const memory = remembering(trip)
  for (const [index, call] of [...calls].entries()) {
    const reason = memory.record(call === 'x', durationMs, index * everyMs)
    if (reason) return { after: index + 1, reason }
  }
  return undefined
}

describe('consecutiveFailures', () => {
  it('trips on the eighth in a row', () => {
    expect(feed(consecutiveFailures(), 'xxxxxxxxxxx')).toEqual({
      after: 8,
      reason: 'consecutiveFailures',
    })
  })

  it('counts from the beginning after a success', () => {
    expect(feed(consecutiveFailures({ threshold: 3 }), 'xx.xx.xx')).toBe(undefined)
    expect(feed(consecutiveFailures({ threshold: 3 }), 'xx.xxx')).toMatchObject({ after: 6 })
  })

  it('looks at no clock while calls succeed', async () => {
    let looks = 0
    const { breaker, clock } = world()
    const counting = { ...clock, now: () => looks++ }
    const { succeed } = world({ trip: consecutiveFailures(), clock: counting })
    await succeed()
    const afterFirst = looks
    for (let each = 0; each < 10; each++) await succeed()
    expect(looks).toBe(afterFirst)
    expect(breaker.state('default')).toBe('closed')
  })

  it('refuses a threshold below 1', () => {
    expect(() => consecutiveFailures({ threshold: 0 })).toThrow(
      new RangeError('consecutiveFailures: threshold must be a number ≥ 1, got 0'),
    )
  })
})

describe('failureRate', () => {
  it('says nothing before it has seen ten calls', () => {
    expect(feed(failureRate(), 'xxxxxxxxx')).toBe(undefined)
    expect(feed(failureRate(), 'xxxxxxxxxx')).toEqual({ after: 10, reason: 'failureRate' })
  })

  it('trips at four fifths, and only on a failure', () => {
    expect(feed(failureRate(), 'xxxxxxxx..x')).toMatchObject({ after: 11 })
    expect(feed(failureRate(), 'xxxxxxxx..')).toBe(undefined)
    expect(feed(failureRate(), '...xxxxxxxxxxx')).toBe(undefined)
    expect(feed(failureRate(), '...xxxxxxxxxxxx')).toMatchObject({ after: 15 })
  })

  it('forgets what is older than its window, also when no call came by', () => {
    const memory = remembering(failureRate({ minCalls: 2, windowMs: 30_000 }))
    for (let each = 0; each < 99; each++) memory.record(false, 0, 0)
    expect(memory.record(true, 0, 26_999)).toBe(undefined)
    expect(memory.record(true, 0, 30_000)).toBe('failureRate')
    const quiet = remembering(failureRate({ minCalls: 2, windowMs: 30_000 }))
    quiet.record(true, 0, 0)
    expect(quiet.record(true, 0, 3_600_000)).toBe(undefined)
  })

  it('slides: each failure leaves on its own, not all at once', () => {
    const memory = remembering(failureRate({ minCalls: 3, windowMs: 1000, ratio: 1 }))
    memory.record(true, 0, 0)
    memory.record(true, 0, 500)
    expect(memory.record(true, 0, 1000)).toBe(undefined)
    expect(memory.record(true, 0, 1100)).toBe('failureRate')
  })

  it('keeps counting when the clock goes back', () => {
    const memory = remembering(failureRate({ minCalls: 3, windowMs: 1000 }))
    memory.record(true, 0, 5000)
    memory.record(true, 0, 100)
    expect(memory.record(true, 0, 5000)).toBe('failureRate')
  })

  it('goes by the last calls, however old, when given windowCalls', () => {
    const trip = failureRate({ windowCalls: 4, minCalls: 4, ratio: 0.5 })
    expect(feed(trip, 'x...x...x...', 3_600_000)).toBe(undefined)
    expect(feed(trip, '....x.x', 3_600_000)).toMatchObject({ after: 7 })
    expect(feed(trip, 'xx..xx', 3_600_000)).toMatchObject({ after: 5 })
    expect(feed(failureRate({ windowCalls: 1 }), '.x')).toMatchObject({ after: 2 })
  })

  it('looks at no clock for a window of calls', () => {
    const isTimed = (trip: Trip) => trip.isTimed(new Array(trip.size).fill(0), 0)
    expect(isTimed(failureRate({ windowCalls: 100 }))).toBe(false)
    expect(isTimed(slowCallRate({ slowMs: 10, windowCalls: 100 }))).toBe(true)
    expect(isTimed(failureRate())).toBe(true)
  })

  it('needs no more calls than its window holds', () => {
    expect(feed(failureRate({ windowCalls: 3 }), 'xxx')).toMatchObject({ after: 3 })
  })

  it.each([
    [{ ratio: 1.1 }, 'failureRate: ratio must be a number from 0 to 1, got 1.1'],
    [{ windowMs: 0 }, 'failureRate: windowMs must be a number ≥ 1, got 0'],
    [{ windowCalls: 0 }, 'failureRate: windowCalls must be a number from 1 to 1000000, got 0'],
    [
      { windowCalls: Infinity },
      'failureRate: windowCalls must be a number from 1 to 1000000, got Infinity',
    ],
    [{ minCalls: 0 }, 'failureRate: minCalls must be a number ≥ 1, got 0'],
    [{ minCalls: 5, windowCalls: 4 }, 'failureRate: minCalls must be a number from 1 to 4, got 5'],
  ] as [RateOptions, string][])('refuses %o', (options, message) => {
    expect(() => failureRate(options)).toThrow(new RangeError(message))
  })
})

describe('slowCallRate', () => {
  it('trips when half of the calls take too long, whether they succeed or fail', () => {
    const trip = slowCallRate({ slowMs: 1000 })
    expect(feed(trip, 'x.x.x.x.x.', 10, 1000)).toEqual({ after: 10, reason: 'slowCallRate' })
    expect(feed(trip, 'xxxxxxxxxxxx', 10, 999)).toBe(undefined)
  })

  it('measures from admission to end', async () => {
    const { start, clock, breaker, events } = world({
      trip: slowCallRate({ slowMs: 1000, minCalls: 2 }),
    })
    await clock.advance(50_000)
    for (const durationMs of [1000, 1000]) {
      const call = start()
      await clock.advance(durationMs)
      await call.succeed()
    }
    expect(breaker.state('default')).toBe('open')
    expect(events).toMatchObject([{ type: 'opened', reason: 'slowCallRate' }])
  })

  it('refuses a slowMs that is no time', () => {
    expect(() => slowCallRate({ slowMs: 0 })).toThrow(
      new RangeError('slowCallRate: slowMs must be a number ≥ 1, got 0'),
    )
  })
})

describe('anyOf', () => {
  it('trips when any would, and names the first listed', () => {
    const trip = anyOf(
      consecutiveFailures({ threshold: 3 }),
      failureRate({ minCalls: 3, ratio: 0.5 }),
    )
    expect(feed(trip, 'xxx')).toEqual({ after: 3, reason: 'consecutiveFailures' })
    expect(feed(trip, 'x.x')).toEqual({ after: 3, reason: 'failureRate' })
  })

  it('needs what any of them needs', () => {
    const consecutive = consecutiveFailures()
    const memory = new Array<number>(99).fill(0)
    expect(anyOf(consecutive)).toMatchObject({ size: 1, slowMs: Infinity })
    expect(anyOf(consecutive).isTimed(memory, 0)).toBe(false)
    const both = anyOf(consecutive, failureRate())
    expect(both).toMatchObject({ size: 1 + failureRate().size, slowMs: Infinity })
    expect(both.isTimed(memory, 0)).toBe(true)
    expect(anyOf(slowCallRate({ slowMs: 9 }), slowCallRate({ slowMs: 7 })).slowMs).toBe(7)
  })
})

describe('a trip of one’s own', () => {
  it('opens for its own reason', async () => {
    const { fail, succeed, events } = world({
      trip: {
        slowMs: Infinity,
        size: 1,
        isTimed: () => false,
        record(memory, at, failed) {
          memory[at] = (memory[at] as number) + Number(failed)
          return memory[at] === 2 ? 'secondFailure' : undefined
        },
      },
    })
    await fail()
    await succeed()
    expect(events).toEqual([])
    await fail()
    expect(events).toMatchObject([{ type: 'opened', reason: 'secondFailure' }])
  })
})

describe('the default trip', () => {
  it('opens when the server hardly works, which resets any count of failures in a row', async () => {
    const { fail, failTimes, succeed, breaker, events } = world()
    await failTimes(5)
    await succeed()
    await succeed()
    await failTimes(2)
    expect(breaker.state('default')).toBe('closed')
    await fail()
    expect(breaker.state('default')).toBe('open')
    expect(events).toMatchObject([{ reason: 'failureRate' }])
  })

  it('starts afresh after an opening', async () => {
    const { failTimes, succeed, clock, breaker } = world({ rampMs: 0 })
    await failTimes(8)
    await clock.advance(5000)
    await succeed()
    await failTimes(7)
    expect(breaker.state('default')).toBe('closed')
  })
})
