import {
  compose,
  EvenkeelError,
  errorCode,
  isThrottled,
  isTransient,
  type Policy,
  reached,
  run,
} from '@evenkeel/core'
import { describe, expect, it, vi } from 'vitest'
import { aimd, bulkhead } from '../src/index.ts'
import { failure, world } from './world.ts'

describe('bulkhead', () => {
  it('lets calls through untouched while there is room', async () => {
    const { start, state, events, bulkhead: made } = world({ limit: 2 })
    const [one, two] = [start('one'), start('two')]
    expect([one.isStarted, two.isStarted]).toEqual([true, true])
    expect(state()).toEqual({ inFlight: 2, limit: 2, queued: 0 })
    const error = failure()
    expect(await one.succeed()).toEqual({ value: 'ok' })
    expect(await two.fail(error)).toEqual({ error })
    expect(state()).toEqual({ inFlight: 0, limit: 2, queued: 0 })
    expect(made.name).toBe('bulkhead')
    expect(events).toEqual([])
  })

  it('looks at no clock while there is room', async () => {
    const { start, run: call, clock } = world({ limit: 2 })
    // The first look-up of a key is when keys are swept.
    await start('first').succeed()
    clock.now = () => {
      throw new Error('asked for the time')
    }
    expect(await Promise.all([call(() => 1), call(() => 2)])).toEqual([1, 2])
  })

  it('lets those wait for whom there is none, and starts each when a place is free', async () => {
    const { start, starts, clock } = world()
    const [one, two, three] = [start('one'), start('two'), start('three')]
    expect(starts).toEqual(['one'])
    await clock.advance(100)
    await one.succeed()
    expect(starts).toEqual(['one', 'two'])
    await two.fail()
    expect(starts).toEqual(['one', 'two', 'three'])
    expect(await three.succeed()).toEqual({ value: 'ok' })
    expect(clock.pending).toBe(0)
  })

  it('keeps the places of keys apart', () => {
    const { start } = world()
    start('one', { key: 'a' })
    expect(start('two', { key: 'a' }).isStarted).toBe(false)
    expect(start('three', { key: 'b' }).isStarted).toBe(true)
  })

  it('gets a place back from a call that throws before it returns a promise', async () => {
    const { bulkhead: made, start, clock, state, key } = world()
    const thrower: Policy = {
      name: 'thrower',
      execute() {
        throw new RangeError('no promise')
      },
    }
    await expect(run(compose(made, thrower), () => 'ok', { key })).rejects.toThrow('no promise')
    expect(state().inFlight).toBe(0)
    await start('next').succeed()
    expect(clock.pending).toBe(0)
  })

  it('gets a place back from an isFailure that throws, for those that wait', async () => {
    const { start, state } = world({
      isFailure: () => {
        throw new Error('a bug')
      },
    })
    const one = start('one')
    const two = start('two')
    expect(await one.fail()).toMatchObject({ error: { message: 'a bug' } })
    expect(two.isStarted).toBe(true)
    await two.succeed()
    expect(state().inFlight).toBe(0)
  })

  it('breaks no call, and keeps nobody waiting, for a limit of the app’s own that throws', async () => {
    const report = vi.spyOn(console, 'error').mockImplementation(() => {})
    const bug = new Error('a bug')
    const { start, state } = world({
      limit: () => ({
        value: 1,
        ended: () => {
          throw bug
        },
      }),
    })
    const one = start('one')
    const two = start('two')
    expect(await one.succeed()).toEqual({ value: 'ok' })
    expect(two.isStarted).toBe(true)
    const error = failure()
    expect(await two.fail(error)).toEqual({ error })
    expect(state()).toEqual({ inFlight: 0, limit: 1, queued: 0 })
    expect(report.mock.calls).toEqual([
      [expect.any(String), bug],
      [expect.any(String), bug],
    ])
    report.mockRestore()
  })

  it('tells each thing once, with what an app needs to show it', async () => {
    const { start, clock, events } = world({ maxQueued: 1 })
    const one = start('one')
    const two = start('two', { priority: 'deferred', tag: 'call 2' })
    await clock.advance(40)
    await one.succeed()
    start('three', { priority: 'deferred', tag: 'call 3' })
    await clock.advance(10)
    start('four', { priority: 'critical', tag: 'call 4' })
    await clock.advance(30)
    await two.succeed()
    expect(events).toEqual([
      {
        type: 'queued',
        key: 'api',
        priority: 'deferred',
        tag: 'call 2',
        waitMs: undefined,
        queued: 1,
      },
      { type: 'dequeued', key: 'api', priority: 'deferred', tag: 'call 2', waitedMs: 40 },
      { type: 'queued', key: 'api', priority: 'deferred', tag: 'call 3', waitMs: 40, queued: 1 },
      {
        type: 'shed',
        key: 'api',
        priority: 'deferred',
        tag: 'call 3',
        code: 'BULKHEAD_FULL',
        retryAfterMs: 100,
      },
      { type: 'queued', key: 'api', priority: 'critical', tag: 'call 4', waitMs: 50, queued: 1 },
      { type: 'dequeued', key: 'api', priority: 'critical', tag: 'call 4', waitedMs: 30 },
    ])
  })

  it('never has more under way than its limit, whatever a listener does meanwhile', async () => {
    let most = 0
    const {
      bulkhead: made,
      start,
      starts,
      state,
    } = world({
      onEvent: ({ type }) => {
        if (type === 'dequeued') start(`after ${starts.length}`)
        most = Math.max(most, made.state('api').inFlight)
      },
    })
    const calls = [start('one'), start('two'), start('three')]
    for (const call of calls) await call.succeed()
    expect(starts).toEqual(['one', 'two', 'three', 'after 1'])
    expect(most).toBe(1)
    expect(state()).toEqual({ inFlight: 1, limit: 1, queued: 2 })
  })

  it('holds a bounded number of keys, and those in use longest', async () => {
    const { start, bulkhead: made } = world({ maxKeys: 40 })
    start('long', { key: 'busy' })
    for (let each = 0; each < 500; each++) await start(`${each}`, { key: `key ${each}` }).succeed()
    expect(made.state('busy').inFlight).toBe(1)
    expect(start('another', { key: 'busy' }).isStarted).toBe(false)
  })

  it('works with no option at all, on the clock of the platform', async () => {
    const made = bulkhead()
    expect(made.state('anything')).toEqual({ inFlight: 0, limit: 10, queued: 0 })
    expect(await run(made, () => 'ok')).toBe('ok')
  })

  it.each([
    [{ limit: 0 }, 'bulkhead: limit must be a number ≥ 1, got 0'],
    [{ limit: NaN }, 'bulkhead: limit must be a number ≥ 1, got NaN'],
    [{ limit: aimd as never }, 'bulkhead: limit().value must be a number ≥ 0, got undefined'],
    [{ maxQueued: -1 }, 'bulkhead: maxQueued must be a number ≥ 0, got -1'],
    [{ maxWaitMs: NaN }, 'bulkhead: maxWaitMs must be a number ≥ 0, got NaN'],
    [{ agingMs: -1 }, 'bulkhead: agingMs must be a number ≥ 0, got -1'],
    [{ maxQueue: 1 } as object, 'bulkhead: there is no option maxQueue'],
  ])('refuses %o when it is made', (options, message) => {
    expect(() => bulkhead(options)).toThrow(new RangeError(message))
  })
})

describe('a refusal', () => {
  it('says what is going on, and when to come back, without a stack', async () => {
    const { start, clock } = world({ maxQueued: 0 })
    const one = start('one')
    start('two')
    await clock.advance(250.5)
    await one.succeed()
    start('three')
    const { error } = await start('four').ending
    expect(error).toBeInstanceOf(EvenkeelError)
    expect(errorCode(error)).toBe('BULKHEAD_FULL')
    expect(error?.message).toBe('No room for a call to api: 1 are under way, 0 wait')
    expect(error?.key).toBe('api')
    expect([isTransient(error), isThrottled(error), reached(error)]).toEqual([true, true, 'no'])
    expect(error?.retryAfterMs).toBe(251)
    expect(error?.retryAt).toEqual(new Date(clock.wallNow() + 251))
    expect(error?.stack).not.toContain('\n')
  })

  it('names no time before one is known', async () => {
    const { start } = world({ maxQueued: 0 })
    start('one')
    const { error } = await start('two').ending
    expect(error).toMatchObject({ code: 'BULKHEAD_FULL', retryAfterMs: undefined })
  })
})

describe('an abort', () => {
  it('takes a call out of the queue at once, with the reason of the signal', async () => {
    const { start, state, clock, starts } = world()
    const one = start('one')
    const two = start('two')
    start('three')
    const reason = new Error('changed my mind')
    expect(await two.abort(reason)).toEqual({ error: reason })
    expect(state().queued).toBe(1)
    await one.succeed()
    expect(starts).toEqual(['one', 'three'])
    expect(clock.pending).toBe(0)
  })

  it('leaves nothing behind on a signal that a thousand calls shared', async () => {
    const { start, state, clock } = world({ maxQueued: 1000 })
    const one = start('one')
    const controller = new AbortController()
    const calls = Array.from({ length: 1000 }, (_, each) =>
      start(`${each}`, { signal: controller.signal }),
    )
    controller.abort('over')
    const endings = await Promise.all(calls.map(({ ending }) => ending))
    expect(endings.every(({ error }) => (error as unknown) === 'over')).toBe(true)
    expect(state()).toEqual({ inFlight: 1, limit: 1, queued: 0 })
    expect(clock.pending).toBe(0)
    await one.succeed()
  })

  it('of a call that has waited and now runs does not touch those that still wait', async () => {
    const { start, state, endOne, starts, clock } = world()
    start('one')
    const two = start('two')
    start('three')
    await endOne()
    await two.abort('over')
    expect(state()).toEqual({ inFlight: 1, limit: 1, queued: 1 })
    await two.succeed()
    await clock.advance(0)
    expect(starts).toEqual(['one', 'two', 'three'])
  })

  it('of a call that runs only frees its place when the call ends', async () => {
    const { start, state, clock } = world()
    const one = start('one')
    const two = start('two')
    await one.abort('over')
    expect(state()).toMatchObject({ inFlight: 1, queued: 1 })
    await one.succeed()
    await clock.advance(0)
    expect(two.isStarted).toBe(true)
  })
})

describe('a listener that aborts the call for which another was shed', () => {
  it('does not hear that it waits', async () => {
    const reason = new Error('changed my mind')
    const { start, events, state, clock } = world({
      maxQueued: 1,
      onEvent: (event) => {
        events.push(event)
        if (event.type === 'shed') controller.abort(reason)
      },
    })
    const controller = new AbortController()
    start('one')
    start('two', { priority: 'deferred', tag: 2 })
    const three = start('three', { priority: 'critical', signal: controller.signal })
    expect(await three.ending).toEqual({ error: reason })
    expect(events).toMatchObject([
      { type: 'queued', tag: 2 },
      { type: 'shed', tag: 2 },
    ])
    expect(state()).toEqual({ inFlight: 1, limit: 1, queued: 0 })
    expect(clock.pending).toBe(0)
  })
})

describe('close', () => {
  it('refuses all that waits, and every later call that would have to; what runs goes on', async () => {
    const { start, bulkhead: made, clock, state } = world()
    const one = start('one')
    const onceWaited = start('once waited')
    await one.succeed()
    const two = start('two')
    const three = start('three', { key: 'other' })
    const four = start('four', { key: 'other' })
    made.close()
    for (const call of [two, four, start('five')])
      expect((await call.ending).error).toMatchObject({ code: 'CLOSED', retryAfterMs: undefined })
    expect(state()).toEqual({ inFlight: 1, limit: 1, queued: 0 })
    expect(clock.pending).toBe(0)
    expect(await onceWaited.succeed()).toEqual({ value: 'ok' })
    expect(await three.succeed()).toEqual({ value: 'ok' })
    expect(start('six').isStarted).toBe(true)
  })

  it('also refuses the call that a listener hears of as it closes', async () => {
    const {
      bulkhead: made,
      start,
      events,
      clock,
      state,
    } = world({
      maxQueued: 1,
      onEvent: (event) => {
        events.push(event)
        if (event.type === 'shed') made.close()
      },
    })
    start('one')
    const two = start('two', { priority: 'deferred', tag: 2 })
    const three = start('three', { priority: 'critical', tag: 3 })
    expect((await two.ending).error).toMatchObject({ code: 'BULKHEAD_FULL' })
    expect((await three.ending).error).toMatchObject({ code: 'CLOSED' })
    expect(events).toMatchObject([
      { type: 'queued', tag: 2 },
      { type: 'shed', tag: 2, code: 'BULKHEAD_FULL' },
      { type: 'shed', tag: 3, code: 'CLOSED' },
    ])
    expect(state()).toEqual({ inFlight: 1, limit: 1, queued: 0 })
    expect(clock.pending).toBe(0)
  })

  it('is what `using` does', () => {
    const { start, bulkhead: made, state } = world()
    start('one')
    start('two')
    made[Symbol.dispose]()
    expect(state().queued).toBe(0)
  })
})
