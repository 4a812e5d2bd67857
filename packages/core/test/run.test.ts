import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { type CallContext, compose, derive, type Policy, run } from '../src/index.ts'
import { manualClock } from '../src/testing/index.ts'
import { deferred } from './deferred.ts'

const none = compose()
const never = (): Promise<never> => new Promise(() => {})
const listeners = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length

describe('run', () => {
  test('gives the value of an action, a promise or any thenable', async () => {
    expect(await run(none, () => 1)).toBe(1)
    expect(await run(none, async () => 2)).toBe(2)
    // biome-ignore lint/suspicious/noThenProperty: a PromiseLike is what is tested.
    expect(await run(none, () => ({ then: (done: (value: 3) => void) => done(3) }) as never)).toBe(
      3,
    )
  })

  test.each([
    ['a string', 'boom'],
    ['undefined', undefined],
    ['null', null],
    ['a symbol', Symbol('boom')],
    ['a frozen error', Object.freeze(new Error('frozen'))],
    ['an object without a prototype', Object.create(null)],
  ])('rejects with %s exactly as it was thrown', async (_, thrown) => {
    const sync = (): never => {
      throw thrown
    }
    const caught = (error: unknown): [unknown] => [error]
    for (const action of [sync, async () => sync()])
      for (const options of [{}, { signal: new AbortController().signal }]) {
        const result = await run(none, action, options).catch(caught)
        expect((result as [unknown])[0]).toBe(thrown)
      }
  })

  test('rejects when the getter of a thenable throws', async () => {
    const thenable = Object.defineProperty({}, 'then', {
      get() {
        throw new Error('getter')
      },
    })
    await expect(run(none, () => thenable)).rejects.toThrow('getter')
  })

  test('rejects when a policy throws instead of rejecting, and lets go of the signal', async () => {
    const { signal } = new AbortController()
    const broken: Policy = {
      name: 'broken',
      execute() {
        throw new Error('broken')
      },
    }
    await expect(run(broken, () => 1)).rejects.toThrow('broken')
    await expect(run(broken, () => 1, { signal })).rejects.toThrow('broken')
    expect(listeners(signal)).toBe(0)
  })

  test('rejects when its deadline is no number, and does not call the action', async () => {
    let calls = 0
    const promise = run(none, () => calls++, { deadlineMs: Number.NaN })
    await expect(promise).rejects.toThrow(
      new RangeError('run: deadlineMs must be a number, got NaN'),
    )
    expect(calls).toBe(0)
  })

  test('describes the call to the action', async () => {
    const clock = manualClock()
    await clock.advance(50)
    let seen: CallContext | undefined
    const tag = { id: 7 }
    await run(
      none,
      (context) => {
        seen = context
      },
      {
        key: 'k',
        route: 'r',
        priority: 'critical',
        idempotent: false,
        deadlineMs: 100,
        tag,
        clock,
      },
    )
    expect(seen).toMatchObject({ attempt: 1, key: 'k', route: 'r', priority: 'critical', tag })
    expect(seen).toMatchObject({ idempotent: false, deadlineAtMs: 150 })
  })

  test('has defaults for whatever a call does not say', async () => {
    const context = await run(none, (each) => each)
    expect(context).toMatchObject({ attempt: 1, key: 'default', route: 'default', tag: undefined })
    expect(context).toMatchObject({ priority: 'important', idempotent: true })
    expect(context.deadlineAtMs).toBe(Infinity)
    expect((await run(none, (each) => each, { key: 'k' })).route).toBe('k')
  })

  test('gives a signal that can be read twice and never aborts when the call has none', async () => {
    const signals = await run(none, (context) => [context.signal, context.signal] as const)
    expect(signals[0]).toBe(signals[1])
    expect(signals[0].aborted).toBe(false)
  })
})

describe('run with a signal', () => {
  test('does not start what was aborted before, and gives that same reason', async () => {
    const reason = new Error('too late')
    let started = 0
    const outcome = run(none, () => started++, { signal: AbortSignal.abort(reason) })
    await expect(outcome).rejects.toBe(reason)
    expect(started).toBe(0)
  })

  test('passes on the reason as the platform makes it', async () => {
    for (const given of [undefined, null, 'x']) {
      const controller = new AbortController()
      const outcome = run(none, never, { signal: controller.signal }).catch((error) => ({ error }))
      controller.abort(given)
      expect(await outcome).toEqual({ error: controller.signal.reason })
    }
  })

  test('ends at once although the action ignores its signal, and ignores how that ends', async () => {
    const controller = new AbortController()
    const late = deferred<never>()
    const outcome = run(none, () => late.promise, { signal: controller.signal })
    controller.abort('stop')
    await expect(outcome).rejects.toBe('stop')
    late.reject(new Error('late'))
    expect(listeners(controller.signal)).toBe(0)
  })

  test('aborts the signal of the action with the same reason', async () => {
    const controller = new AbortController()
    const reason = new Error('gone')
    const seen: unknown[] = []
    const outcome = run(
      none,
      ({ signal }) => {
        signal.addEventListener('abort', () => seen.push(signal.reason))
        return never()
      },
      { signal: controller.signal },
    )
    controller.abort(reason)
    await expect(outcome).rejects.toBe(reason)
    expect(seen).toEqual([reason])
  })

  test('sees an abort by the action itself', async () => {
    const controller = new AbortController()
    const aborting = (): Promise<never> => {
      controller.abort('by the action')
      return never()
    }
    await expect(run(none, aborting, { signal: controller.signal })).rejects.toBe('by the action')
  })

  test('leaves no listener after 300 calls on one signal, and has one while they run', async () => {
    const { signal } = new AbortController()
    const gate = deferred<void>()
    const calls = Array.from({ length: 300 }, (_, index) =>
      run(
        none,
        async (context) => {
          void context.signal
          await gate.promise
          if (index % 3 === 0) throw new Error('fails')
        },
        { signal },
      ),
    )
    expect(listeners(signal)).toBe(1)
    gate.resolve()
    await Promise.allSettled(calls)
    expect(listeners(signal)).toBe(0)
  })

  test('does not abort the signal of a call that has ended', async () => {
    const controller = new AbortController()
    const inner = await run(none, ({ signal }) => signal, { signal: controller.signal })
    controller.abort()
    expect(inner.aborted).toBe(false)
  })

  test('reaches every attempt that a policy derived', async () => {
    const controller = new AbortController()
    const second: Policy = {
      name: 'second',
      execute: (next, context) => next(derive(context, { attempt: 2 })),
    }
    const signals: AbortSignal[] = []
    const outcome = run(
      second,
      ({ signal }) => {
        signals.push(signal)
        return never()
      },
      { signal: controller.signal },
    )
    controller.abort('all')
    await expect(outcome).rejects.toBe('all')
    expect(signals.map(({ reason }) => reason)).toEqual(['all'])
  })
})
