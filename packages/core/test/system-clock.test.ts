import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  backgroundClock,
  compose,
  run,
  systemClock,
  systemRandom,
  timeout,
  timeoutClock,
} from '../src/index.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  // The other way round, a spy on a fake timer would put that back in place of the real one.
  vi.restoreAllMocks()
  vi.useRealTimers()
})

describe.each([
  ['systemClock', systemClock],
  ['backgroundClock', backgroundClock],
  ['timeoutClock', timeoutClock],
])('%s', (_, { now, wallNow, scheduleAt }) => {
  const after = (ms: number, callback: () => void) => scheduleAt(now() + ms, callback)

  test('reads the clocks of the platform when asked', () => {
    vi.setSystemTime(1234)
    expect(wallNow()).toBe(1234)
    const before = now()
    vi.advanceTimersByTime(500)
    expect(now() - before).toBe(500)
  })

  test('calls back in order', () => {
    const ran: number[] = []
    for (const ms of [30, 10, 20, 10]) after(ms, () => ran.push(ms))
    vi.advanceTimersByTime(9)
    expect(ran).toEqual([])
    vi.advanceTimersByTime(1)
    expect(ran).toEqual([10, 10])
    vi.advanceTimersByTime(20)
    expect(ran).toEqual([10, 10, 20, 30])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('never calls back early, nor what was cancelled', () => {
    const ran: string[] = []
    after(0.4, () => ran.push('soon'))
    after(5, () => ran.push('cancelled')).cancel()
    vi.advanceTimersByTime(1)
    expect(ran).toEqual(['soon'])
    vi.advanceTimersByTime(10)
    expect(ran).toEqual(['soon'])
  })

  test('waits longer than a timer of the platform can', () => {
    const delays = vi.spyOn(globalThis, 'setTimeout')
    const done = vi.fn()
    const days = 60 * 86_400_000
    after(days, done)
    vi.advanceTimersByTime(days - 1)
    expect(done).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(done).toHaveBeenCalledTimes(1)
    expect(delays.mock.calls.length).toBeGreaterThan(2)
    for (const [, delayMs] of delays.mock.calls) expect(delayMs).toBeLessThanOrEqual(2 ** 31 - 1)
  })

  test('never hands a delay below 0 to the platform, however late it is', () => {
    const delays = vi.spyOn(globalThis, 'setTimeout')
    const ran: string[] = []
    after(-500, () => ran.push('past'))
    after(1, () => {
      vi.setSystemTime(0)
      ran.push('slow')
    })
    vi.advanceTimersByTime(5)
    expect(ran).toEqual(['past', 'slow'])
    for (const [, delayMs] of delays.mock.calls) expect(delayMs).toBeGreaterThanOrEqual(0)
  })

  test('goes on when a callback throws: the error is the platform’s, the other waits are served', () => {
    const ran: string[] = []
    after(10, () => {
      throw new Error('callback')
    })
    after(10, () => ran.push('same instant'))
    after(20, () => ran.push('later'))
    expect(() => vi.advanceTimersByTime(10)).toThrow('callback')
    vi.advanceTimersByTime(10)
    expect(ran).toEqual(['same instant', 'later'])
  })

  test('serves what a callback schedules', () => {
    const ran: number[] = []
    const again = (): void => {
      ran.push(ran.length)
      if (ran.length < 3) after(10, again)
    }
    after(10, again)
    vi.advanceTimersByTime(30)
    expect(ran).toEqual([0, 1, 2])
  })

  test('is not moved by the wall clock: 3 hours of daylight saving end no wait', () => {
    const done = vi.fn()
    after(1000, done)
    vi.setSystemTime(Date.now() + 3 * 3_600_000)
    vi.advanceTimersByTime(999)
    expect(done).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(done).toHaveBeenCalledTimes(1)
  })

  test('lives on when a test takes its fake timers away in the middle of a wait', () => {
    after(1000, () => {}).cancel()
    after(2000, () => {})
    vi.useRealTimers()
    vi.useFakeTimers()
    const done = vi.fn()
    after(5000, done)
    vi.advanceTimersByTime(5000)
    expect(done).toHaveBeenCalledTimes(1)
  })

  test('refuses an instant that is no number, and goes on with the others', () => {
    const done = vi.fn()
    after(10, done)
    expect(() => scheduleAt(Number.NaN, done)).toThrow(
      new RangeError('clock: atMs must be a number ≥ -Infinity, got NaN'),
    )
    vi.advanceTimersByTime(10)
    expect(done).toHaveBeenCalledTimes(1)
  })
})

test('systemClock leaves no timer of the platform behind', () => {
  const { now, scheduleAt } = systemClock
  const timers = [5, 2 ** 40, Infinity].map((ms) => scheduleAt(now() + ms, () => {}))
  for (const timer of timers) timer.cancel()
  expect(vi.getTimerCount()).toBe(0)
})

describe('timeoutClock', () => {
  const { now, scheduleAt } = timeoutClock

  test('has one timer of the platform for all', () => {
    const timers = [30, 10, 20, 10].map((ms) => scheduleAt(now() + ms, () => {}))
    expect(vi.getTimerCount()).toBe(1)
    vi.advanceTimersByTime(15)
    for (const timer of timers) timer.cancel()
    expect(vi.getTimerCount()).toBe(1)
    vi.advanceTimersByTime(15)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('asks the platform for no timer when the latest of its waits comes and goes', () => {
    const made = vi.spyOn(globalThis, 'setTimeout')
    scheduleAt(now() + 1000, () => {})
    for (let each = 0; each < 100; each++) scheduleAt(now() + 1000 + each, () => {}).cancel()
    expect(made).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(1000)
  })

  test('limits calls on fake timers', async () => {
    const outcome = run(compose(timeout(100)), () => new Promise(() => {})).catch(
      (error) => error.code,
    )
    await vi.advanceTimersByTimeAsync(100)
    expect(await outcome).toBe('TIMEOUT')
  })

  test('sets no timer for a wait that never comes', () => {
    scheduleAt(Infinity, () => {}).cancel()
    expect(vi.getTimerCount()).toBe(0)
  })
})

test('systemRandom is Math.random, looked up when used', () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.25)
  expect(systemRandom()).toBe(0.25)
  vi.restoreAllMocks()
})
