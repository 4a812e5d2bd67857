import { getEventListeners } from 'node:events'
import { type CallContext, run } from '@evenkeel/core'
import { manualClock } from '@evenkeel/core/testing'
import { describe, expect, it, vi } from 'vitest'
import { constant, type RetryEvent, retry } from '../src/index.ts'
import { failure, world } from './world.ts'

const exact = { backoff: constant(5000, { jitterRatio: 0 }), budget: false } as const

const handMade: Omit<CallContext, 'signal'> = {
  attempt: 1,
  key: 'k',
  route: 'k',
  priority: 'critical',
  tag: 'mine',
  idempotent: true,
  deadlineAtMs: Infinity,
}

describe('retry, aborted', () => {
  it('makes no attempt for a signal that has aborted', async () => {
    const reason = new Error('too late')
    const { call, attempts } = world(exact)
    await expect(call([], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(attempts).toHaveLength(0)
  })

  it('ends a wait at once with the reason, and leaves nothing behind', async () => {
    const { call, clock, attempts, events } = world(exact)
    const controller = new AbortController()
    const promise = call([failure()], { signal: controller.signal })
    promise.catch(() => {})
    await clock.advance(1000)
    expect(clock.pending).toBe(1)
    const reason = new Error('the user left')
    controller.abort(reason)
    expect(clock.pending).toBe(0)
    await expect(promise).rejects.toBe(reason)
    await clock.runAll()
    expect(attempts).toHaveLength(1)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
    expect(events.map(({ type }) => type)).toEqual(['retryScheduled', 'gaveUp'])
    expect(events[1]).toMatchObject({ reason: 'aborted', error: reason, attempts: 1 })
  })

  it('makes no signal for a wait that nobody can abort', async () => {
    const make = vi.spyOn(globalThis, 'AbortController')
    const { outcome, attempts } = world(exact)
    expect(await outcome([failure()])).toMatchObject({ value: 'ok' })
    expect(attempts).toHaveLength(2)
    expect(make).not.toHaveBeenCalled()
  })

  it.each([[null], ['x'], [0]])('passes on the reason %o', async (reason) => {
    const { call, clock } = world(exact)
    const controller = new AbortController()
    const promise = call([failure()], { signal: controller.signal })
    promise.catch(() => {})
    await clock.advance(1)
    controller.abort(reason)
    await expect(promise).rejects.toBe(reason)
  })

  it('passes on the AbortError of an abort without a reason', async () => {
    const { call, clock } = world(exact)
    const controller = new AbortController()
    const promise = call([failure()], { signal: controller.signal })
    promise.catch(() => {})
    await clock.advance(1)
    controller.abort(undefined)
    await expect(promise).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('tries nothing again that failed because of the abort', async () => {
    const { call, clock, attempts, events } = world(exact)
    const controller = new AbortController()
    const promise = call([failure()], { signal: controller.signal })
    controller.abort('stop')
    await expect(promise).rejects.toBe('stop')
    await clock.runAll()
    expect(attempts).toHaveLength(1)
    expect(events).toMatchObject([{ type: 'gaveUp', reason: 'aborted' }])
  })

  it('tries again with signals that cannot throw, as those of React Native', async () => {
    const signal = Object.assign(new EventTarget(), { aborted: false, reason: undefined })
    const clock = manualClock()
    const policy = retry({ ...exact, clock })
    const context = { ...handMade, signal: signal as never }
    let attempts = 0
    const next = async () => {
      if (++attempts === 1) throw failure()
      return 'ok'
    }
    const call = policy.execute(next, context)
    await clock.runAll()
    expect([await call, attempts]).toEqual(['ok', 2])
    const failing = policy.execute(async () => {
      signal.aborted = true
      throw failure()
    }, context)
    await expect(failing).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('makes no attempt when a listener aborts the call', async () => {
    const controller = new AbortController()
    const { call, clock, attempts } = world({
      ...exact,
      onEvent: ({ type }) => type === 'retryScheduled' && controller.abort('enough'),
    })
    const promise = call([failure()], { signal: controller.signal })
    promise.catch(() => {})
    await clock.runAll()
    await expect(promise).rejects.toBe('enough')
    expect(attempts).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })

  it('leaves no listener after 300 calls on one signal, failed and retried', async () => {
    const { call, clock } = world(exact)
    const { signal } = new AbortController()
    const calls = Array.from({ length: 300 }, () => call([failure()], { signal }))
    await clock.advance(1)
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    await clock.runAll()
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['ok']))
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    expect(clock.pending).toBe(0)
  })

  it('leaves no listener on the signal of a context made by hand', async () => {
    const clock = manualClock()
    const events: RetryEvent[] = []
    const policy = retry({ ...exact, clock, onEvent: (event) => events.push(event) })
    const { signal } = new AbortController()
    const context = { ...handMade, signal }
    let attempts = 0
    const promise = policy.execute(
      () => (attempts++ ? Promise.resolve('ok') : Promise.reject(failure())),
      context,
    )
    await clock.runAll()
    expect(await promise).toBe('ok')
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    expect(events).toMatchObject([{ type: 'retryScheduled', tag: 'mine' }])
  })

  it('notices that the signal of a context made by hand has aborted', async () => {
    const events: RetryEvent[] = []
    const policy = retry({ ...exact, clock: manualClock(), onEvent: (event) => events.push(event) })
    const controller = new AbortController()
    const context: CallContext = {
      signal: controller.signal,
      attempt: 1,
      key: 'k',
      route: 'k',
      priority: 'critical',
      tag: undefined,
      idempotent: true,
      deadlineAtMs: Infinity,
    }
    const next = (): Promise<never> => {
      controller.abort('gone')
      return Promise.reject(failure())
    }
    await expect(policy.execute(next, context)).rejects.toBe('gone')
    expect(events).toMatchObject([{ type: 'gaveUp', reason: 'aborted', error: 'gone' }])
  })

  it('takes an attempt that throws instead of rejecting for one that failed', async () => {
    const clock = manualClock()
    const policy = retry({ ...exact, clock })
    let attempts = 0
    const promise = run(
      {
        name: 'bad',
        execute: (next, context) =>
          policy.execute((derived) => {
            if (attempts++ === 1) throw failure()
            return attempts === 1 ? Promise.reject(failure()) : next(derived)
          }, context),
      },
      () => 'ok',
      { clock },
    )
    await clock.runAll()
    expect(await promise).toBe('ok')
    expect(attempts).toBe(3)
  })
})
