import { describe, expect, it } from 'vitest'
import { type Priority, type RunOptions, run } from '../../src/index.ts'
import { type DeferralOptions, deferral } from '../../src/network/index.ts'
import { world } from './world.ts'

function deferring(options: DeferralOptions = {}) {
  const made = world()
  const { clock, monitor } = made
  const policy = deferral(monitor, { clock, ...options })
  const startedAtMs: number[] = []
  const call = (priority: Priority, runOptions: RunOptions = {}): Promise<string> =>
    run(
      policy,
      () => {
        startedAtMs.push(clock.now())
        return 'ok'
      },
      { clock, priority, ...runOptions },
    )
  return { ...made, call, startedAtMs }
}

describe('deferral', () => {
  it('lets all pass on a good network, and the others on any', async () => {
    const { call, goes, startedAtMs } = deferring()
    await call('deferred')
    goes('offline')
    await call('critical')
    await call('important')
    expect(startedAtMs).toEqual([0, 0, 0])
  })

  it('lets deferred calls wait until the network is better', async () => {
    const { call, answers, goes, clock, startedAtMs } = deferring()
    answers(1500, 1500, 1500)
    const waiting = call('deferred')
    await clock.advance(5000)
    expect(startedAtMs).toEqual([])
    // A change, but not for the better.
    goes('offline')
    expect(startedAtMs).toEqual([])
    goes('online')
    expect(await waiting).toBe('ok')
    expect(startedAtMs).toEqual([5000])
    expect(clock.pending).toBe(0)
  })

  it('lets them wait for a minute at most', async () => {
    const { call, goes, clock, startedAtMs } = deferring()
    goes('offline')
    const waiting = call('deferred')
    await clock.runAll()
    expect(await waiting).toBe('ok')
    expect(startedAtMs).toEqual([60_000])
  })

  it('leaves them half of their time', async () => {
    const { call, goes, clock, startedAtMs } = deferring({ maxWaitMs: 30_000 })
    goes('offline')
    call('deferred', { deadlineMs: 10_000 })
    await clock.runAll()
    expect(startedAtMs).toEqual([5000])
  })

  it('ends at once when its caller gives up, and leaves nothing behind', async () => {
    const { call, goes, clock, startedAtMs } = deferring()
    goes('offline')
    const controller = new AbortController()
    const waiting = call('deferred', { signal: controller.signal })
    controller.abort('over')
    await expect(waiting).rejects.toBe('over')
    expect(clock.pending).toBe(0)
    goes('online')
    await clock.runAll()
    expect(startedAtMs).toEqual([])
  })

  it('refuses a wait that is none', () => {
    expect(() => deferral(world().monitor, { maxWaitMs: NaN })).toThrow(
      new RangeError('deferral: maxWaitMs must be a number ≥ 0, got NaN'),
    )
  })
})
