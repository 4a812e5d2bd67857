import { getEventListeners } from 'node:events'
import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  type CallContext,
  Cancellation,
  compose,
  deadline,
  derive,
  errorCode,
  isThrottled,
  isTransient,
  type Next,
  reached,
  run,
  sleep,
  timeout,
} from '../src/index.ts'
import { manualClock, seededRandom } from '../src/testing/index.ts'
import { deferred } from './deferred.ts'

const never = (): Promise<never> => new Promise(() => {})
const caught = (error: unknown): unknown => error

afterEach(() => void vi.unstubAllGlobals())

describe('timeout', () => {
  test('rejects with TIMEOUT after its limit and not before', async () => {
    const clock = manualClock()
    const settled = vi.fn(caught)
    run(timeout(100, { clock }), never, { key: 'api' }).catch(settled)
    await clock.advance(99)
    expect(settled).not.toHaveBeenCalled()
    await clock.advance(1)
    const [error] = settled.mock.calls[0] as [unknown]
    expect(error).toMatchObject({ code: 'TIMEOUT', key: 'api', message: 'No result within 100 ms' })
    expect([isTransient(error), reached(error), isThrottled(error)]).toEqual([true, 'maybe', false])
  })

  test('aborts the signal of the action with the very error it rejects with', async () => {
    const clock = manualClock()
    let signal: AbortSignal | undefined
    const outcome = run(timeout(100, { clock }), (context) => {
      signal = context.signal
      return never()
    }).catch(caught)
    await clock.advance(100)
    expect(signal?.reason).toBe(await outcome)
  })

  test('hands through what ends in time, and its failure too', async () => {
    const clock = manualClock()
    const policy = timeout(100, { clock })
    const value = run(policy, () => sleep(99, undefined, clock).then(() => 'in time'))
    const failure = run(policy, async () => {
      throw 'own'
    })
    await expect(failure).rejects.toBe('own')
    await clock.advance(99)
    expect(await value).toBe('in time')
  })

  test('says DEADLINE_EXCEEDED when the deadline of the call comes first', async () => {
    const clock = manualClock()
    const outcome = run(timeout(100, { clock }), never, { deadlineMs: 40, clock }).catch(caught)
    await clock.advance(40)
    const error = await outcome
    expect(error).toMatchObject({ code: 'DEADLINE_EXCEEDED', reached: 'maybe', transient: true })
  })

  test('does not start an action past the deadline, and says that nothing was reached', async () => {
    const clock = manualClock()
    const action = vi.fn(never)
    const late = {
      name: 'late',
      execute: <T>(next: Next<T>, context: CallContext) =>
        sleep(40, undefined, clock).then(() => next(context)),
    }
    const outcome = run(compose(late, timeout(100, { clock })), action, { deadlineMs: 40, clock })
    const error = outcome.catch(caught)
    await clock.advance(40)
    expect(await error).toMatchObject({ code: 'DEADLINE_EXCEEDED', reached: 'no', throttled: true })
    expect(action).not.toHaveBeenCalled()
  })

  test('tells the action until when it has', async () => {
    const clock = manualClock()
    await clock.advance(1000)
    const inner = ({ deadlineAtMs }: CallContext): number => deadlineAtMs
    expect(await run(timeout(100, { clock }), inner)).toBe(1100)
    expect(await run(timeout(100, { clock }), inner, { deadlineMs: 60, clock })).toBe(1060)
  })

  test('steps aside when there is neither limit nor deadline', async () => {
    const clock = manualClock()
    const outcome = run(timeout(Infinity, { clock }), () => clock.pending)
    expect(await outcome).toBe(0)
  })

  test('ignores what comes after it, a rejection too', async () => {
    const clock = manualClock()
    for (const settle of ['resolve', 'reject'] as const) {
      const late = deferred<string>()
      const outcome = run(timeout(100, { clock }), () => late.promise).catch(errorCode)
      await clock.advance(100)
      late[settle]('late')
      expect(await outcome).toBe('TIMEOUT')
    }
    expect(clock.pending).toBe(0)
  })

  test('refuses a limit that is none', () => {
    for (const bad of [0, -1, Number.NaN, '5' as never])
      expect(() => timeout(bad)).toThrow(`timeout: timeoutMs must be a number ≥ 1, got ${bad}`)
  })
})

describe('timeout leaves nothing behind', () => {
  test('after success, failure, a sync throw, its own end and an abort', async () => {
    const clock = manualClock()
    const policy = timeout(100, { clock })
    await run(policy, () => 1)
    await run(policy, () => Promise.reject(1)).catch(caught)
    await run(policy, () => {
      throw 1
    }).catch(caught)
    expect(clock.pending).toBe(0)

    const ended = run(policy, never).catch(caught)
    await clock.advance(100)
    await ended
    expect(clock.pending).toBe(0)

    const controller = new AbortController()
    const aborted = run(compose(policy, timeout(90, { clock })), never, controller).catch(caught)
    expect(clock.pending).toBe(2)
    controller.abort('by the caller')
    expect(await aborted).toBe('by the caller')
    expect(clock.pending).toBe(0)
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  })

  test('after a policy inside of it throws instead of rejecting', async () => {
    const clock = manualClock()
    const broken = {
      name: 'broken',
      execute: () => {
        throw new Error('broken')
      },
    }
    const outcome = run(compose(timeout(100, { clock }), broken), () => 1)
    await expect(outcome).rejects.toThrow('broken')
    expect(clock.pending).toBe(0)
  })

  test('when one attempt after another is limited', async () => {
    const clock = manualClock()
    const policy = timeout(400, { clock })
    const codes: unknown[] = []
    for (let attempt = 1; attempt <= 3; attempt++) {
      const outcome = run(policy, never).catch((error) => codes.push(errorCode(error)))
      await clock.advance(400)
      await outcome
    }
    expect(codes).toEqual(['TIMEOUT', 'TIMEOUT', 'TIMEOUT'])
    expect(clock.pending).toBe(0)
  })
})

describe('timeout and abort signals', () => {
  test('makes no AbortController unless the signal is read', async () => {
    let made = 0
    const Platform = AbortController
    vi.stubGlobal(
      'AbortController',
      class extends Platform {
        constructor() {
          super()
          made++
        }
      },
    )
    const clock = manualClock()
    const { signal } = new Platform()
    const pipeline = compose(
      deadline(500, { clock }),
      timeout(200, { clock }),
      timeout(100, { clock }),
    )
    await run(pipeline, () => 1, { signal })
    await run(pipeline, () => Promise.reject(1)).catch(caught)
    const ended = run(pipeline, never, { signal }).catch(caught)
    await clock.advance(100)
    expect(errorCode(await ended)).toBe('TIMEOUT')
    expect(made).toBe(0)
    await run(pipeline, (context) => [context.signal, context.signal], { signal })
    expect(made).toBe(1)
  })

  test('gives a signal that is aborted already when it is read after the end', async () => {
    const clock = manualClock()
    let context: CallContext | undefined
    const outcome = run(timeout(100, { clock }), (each) => {
      context = each
      return never()
    }).catch(caught)
    await clock.advance(100)
    expect(context?.signal.reason).toBe(await outcome)
  })

  test('follows a signal of a context that another host made', async () => {
    const clock = manualClock()
    const controller = new AbortController()
    const context = await run(compose(), (each) => each)
    const foreign: CallContext = {
      signal: controller.signal,
      attempt: 1,
      key: 'k',
      route: 'k',
      priority: 'important',
      tag: undefined,
      idempotent: context.idempotent,
      deadlineAtMs: Infinity,
    }
    const answered = timeout(100, { clock }).execute(async () => 'answer', foreign)
    expect(getEventListeners(controller.signal, 'abort').length).toBe(1)
    expect(await answered).toBe('answer')
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    const outcome = timeout(100, { clock }).execute(never, foreign).catch(caught)
    controller.abort('foreign')
    expect(await outcome).toBe('foreign')
    expect(clock.pending).toBe(0)
  })

  test('reaches copies that a policy started inside of it', async () => {
    const clock = manualClock()
    const reasons: unknown[] = []
    const hedge = {
      name: 'hedge',
      execute: <T>(next: Next<T>, context: CallContext) =>
        Promise.race(
          [1, 2].map((attempt) => {
            const cancellation = new Cancellation(context.signal)
            return next(derive(context, { attempt, cancellation }))
          }),
        ),
    }
    const outcome = run(compose(timeout(100, { clock }), hedge), ({ signal }) => {
      signal.addEventListener('abort', () => reasons.push(signal.reason))
      return never()
    }).catch(caught)
    await clock.advance(100)
    const error = await outcome
    expect(reasons).toEqual([error, error])
  })
})

test('a timeout and a reply in the same tick settle a call once, 400 times', async () => {
  const random = seededRandom(63)
  const outcomes = { reply: 0, TIMEOUT: 0 }
  for (let round = 0; round < 400; round++) {
    const clock = manualClock()
    const reply = deferred<'reply'>()
    const answer = (): void => (random() < 0.5 ? reply.resolve('reply') : reply.reject('reply'))
    const isEarly = random() < 0.5
    if (isEarly) clock.scheduleAt(100, answer)
    const settled = vi.fn()
    run(timeout(100, { clock }), () => reply.promise).then(settled, (error) =>
      settled(errorCode(error) ?? error),
    )
    if (!isEarly) clock.scheduleAt(100, answer)
    await clock.advance(100)
    expect(settled).toHaveBeenCalledTimes(1)
    outcomes[settled.mock.calls[0]?.[0] as 'reply']++
    expect(clock.pending).toBe(0)
  }
  expect(outcomes.reply).toBeGreaterThan(100)
  expect(outcomes.TIMEOUT).toBeGreaterThan(100)
})

test('whatever the limits and however long the action, the earliest of them decides', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 50 }),
      async (limits, deadlineMs, actionMs) => {
        const clock = manualClock()
        const pipeline = compose(...limits.map((limitMs) => timeout(limitMs, { clock })))
        let endedAtMs = -1
        const outcome = run(pipeline, () => sleep(actionMs, undefined, clock), {
          deadlineMs,
          clock,
        })
          .then(() => 'value', errorCode)
          .finally(() => {
            endedAtMs = clock.now()
          })
        await clock.advance(60)
        const limitMs = Math.min(...limits)
        expect(endedAtMs).toBe(Math.min(limitMs, deadlineMs, actionMs))
        if (actionMs < Math.min(limitMs, deadlineMs)) expect(await outcome).toBe('value')
        if (limitMs < Math.min(deadlineMs, actionMs))
          expect(await outcome).toMatch(/TIMEOUT|DEADLINE/)
        expect(clock.pending).toBe(0)
      },
    ),
    { seed: 7 },
  )
})
