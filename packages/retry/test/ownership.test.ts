import {
  type CallContext,
  compose,
  EvenkeelError,
  GivenUp,
  isRetryable,
  markGivenUp,
  type Policy,
  run,
} from '@evenkeel/core'
import { manualClock } from '@evenkeel/core/testing'
import pRetry from 'p-retry'
import { describe, expect, it } from 'vitest'
import { constant, type RetryBudget, type RetryEvent, retry } from '../src/index.ts'
import { failure } from './world.ts'

/** A budget that pays for all, and says how often. */
function counted(): RetryBudget & { calls: number; taken: number } {
  return {
    calls: 0,
    taken: 0,
    onCall() {
      this.calls++
    },
    tryTake() {
      this.taken++
      return true
    },
  }
}

/** Three layers that retry three times each, and an action that fails as it is told. */
function layers() {
  const clock = manualClock()
  const events: RetryEvent[][] = [[], [], []]
  const budgets = [counted(), counted(), counted()]
  const layer = (place: number): Policy =>
    retry({
      clock,
      budget: budgets[place],
      backoff: constant(1000, { jitterRatio: 0 }),
      onEvent: (event) => events[place]?.push(event),
    })
  const retries = [layer(0), layer(1), layer(2)] as const
  let attempts = 0
  return {
    clock,
    events,
    budgets,
    retries,
    attempts: () => attempts,
    act(error: unknown = failure()): never {
      attempts++
      throw error
    },
    async outcome(call: Promise<unknown>): Promise<unknown> {
      const ended = call.then(
        () => 'ok',
        (error: unknown) => error,
      )
      await clock.runAll()
      return ended
    },
  }
}

const reasons = (events: readonly RetryEvent[]): unknown[] =>
  events.flatMap((event) => (event.type === 'gaveUp' ? [event.reason] : []))

describe('retries in several layers of one pipeline', () => {
  it('are four attempts in all, paid for by the outermost', async () => {
    const { retries, outcome, act, attempts, events, budgets, clock } = layers()
    await outcome(run(compose(...retries), () => act(), { clock }))
    expect(attempts()).toBe(4)
    expect(budgets.map(({ calls, taken }) => [calls, taken])).toEqual([
      [1, 3],
      [0, 0],
      [0, 0],
    ])
    expect(reasons(events[0] ?? [])).toEqual(['retriesExhausted'])
    expect(reasons(events[1] ?? [])).toEqual(Array(4).fill('retriedOutside'))
    expect(reasons(events[2] ?? [])).toEqual(Array(4).fill('retriedOutside'))
  })

  it('are found through policies that derive the context, and through a pipeline in a pipeline', async () => {
    const { retries, outcome, act, attempts, clock } = layers()
    const [outer, middle, inner] = retries
    const named: Policy = {
      name: 'named',
      execute: (next, context) => middle.execute(next, { ...context, ...facts(context) }),
    }
    const facts = (context: CallContext) => ({ signal: context.signal })
    await outcome(run(compose(outer, compose(inner)), () => act(), { clock }))
    expect(attempts()).toBe(4)
    // A copy by hand loses who is outside; the mark on the error then stops the outer one.
    await outcome(run(compose(outer, named), () => act(), { clock }))
    expect(attempts()).toBe(8)
  })

  it('succeed without a word', async () => {
    const { retries, outcome, events, clock } = layers()
    expect(await outcome(run(compose(...retries), () => 1, { clock }))).toBe('ok')
    expect(events.flat()).toEqual([])
  })

  it('say of a failure that is no matter of time what they would say alone', async () => {
    const { retries, outcome, act, events, clock } = layers()
    await outcome(run(compose(...retries), () => act(new TypeError('a bug')), { clock }))
    expect(events.map(reasons)).toEqual(Array(3).fill(['notRetryable']))
  })

  it('leave them to the inner one when the outer has none to make', async () => {
    const { retries, outcome, act, attempts, clock } = layers()
    const none = retry({ clock, maxRetries: 0 })
    await outcome(run(compose(none, retries[0]), () => act(), { clock }))
    expect(attempts()).toBe(4)
  })

  it('end with each call: the next one has its own', async () => {
    const { retries, outcome, act, attempts, clock } = layers()
    await outcome(run(compose(retries[0], retries[1]), () => act(), { clock }))
    await outcome(run(retries[1], () => act(), { clock }))
    expect(attempts()).toBe(8)
  })
})

describe('retries of a call within a call', () => {
  it('are four attempts in all: what was given up inside is not begun again outside', async () => {
    const { retries, outcome, act, attempts, events, clock } = layers()
    const [outer, middle, inner] = retries
    const error = await outcome(
      run(outer, () => run(middle, () => run(inner, () => act(), { clock }), { clock }), { clock }),
    )
    expect(attempts()).toBe(4)
    expect(events.map(reasons)).toEqual([
      ['givenUpInside'],
      ['givenUpInside'],
      ['retriesExhausted'],
    ])
    expect(isRetryable(error)).toBe(false)
  })

  it.each([
    ['its budget', 'budgetExhausted', { budget: { tryTake: () => false } }, {}],
    ['a wait that is too long', 'retryAfterTooLong', {}, { retryAfterMs: 1e9 }],
    ['the deadline', 'deadlineExceeded', {}, { retryAfterMs: 200_000 }],
  ] as const)('end with %s inside', async (_, reason, options, facts) => {
    const { outcome, act, attempts, events, clock } = layers()
    const told: RetryEvent[] = []
    const inner = retry({ clock, ...options, onEvent: (event) => told.push(event) })
    const outer = retry({ clock, onEvent: (event) => events[0]?.push(event) })
    await outcome(
      run(outer, () => run(inner, () => act(failure(facts)), { clock, deadlineMs: 60_000 }), {
        clock,
      }),
    )
    expect(attempts()).toBe(1)
    expect(reasons(told)).toEqual([reason])
    expect(reasons(events[0] ?? [])).toEqual(['givenUpInside'])
  })

  it('never send again outside what the inside knows must not be applied twice', async () => {
    const { retries, outcome, act, attempts, clock } = layers()
    await outcome(
      run(retries[0], () => run(retries[1], () => act(), { clock, idempotent: false }), { clock }),
    )
    expect(attempts()).toBe(1)
  })

  it('are the outer one’s where the inner has its own idea of what may pass', async () => {
    const { retries, outcome, act, attempts, clock } = layers()
    const picky = retry({ clock, shouldRetry: () => false })
    await outcome(run(retries[0], () => run(picky, () => act(), { clock }), { clock }))
    expect(attempts()).toBe(4)
  })

  it('are the outer one’s alone if the inner is told so', async () => {
    const { retries, outcome, act, attempts, events, clock } = layers()
    await outcome(
      run(retries[0], () => run(retries[1], () => act(), { clock, isRetried: true }), { clock }),
    )
    expect(attempts()).toBe(4)
    expect(events.map(reasons)).toEqual([['retriesExhausted'], Array(4).fill('retriedOutside'), []])
  })

  it('are unharmed by an error that is thrown again and again', async () => {
    const { retries, outcome, act, attempts, clock } = layers()
    const same = failure()
    await outcome(run(retries[0], () => act(same), { clock }))
    await outcome(run(retries[0], () => act(same), { clock }))
    await outcome(run(retries[1], () => act(same), { clock }))
    expect(attempts()).toBe(12)
    const both = [1, 2].map(() => run(retries[0], () => act(same), { clock }).catch(() => {}))
    await outcome(Promise.all(both))
    expect(attempts()).toBe(20)
  })

  it('heed the mark of another copy of core', async () => {
    const { retries, outcome, act, attempts, events, clock } = layers()
    const marked = Object.assign(failure(), {
      [Symbol.for('evenkeel.givenUp')]: { by: {}, turn: 0 },
    })
    await outcome(run(retries[0], () => act(marked), { clock }))
    expect(attempts()).toBe(1)
    expect(reasons(events[0] ?? [])).toEqual(['givenUpInside'])
  })
})

describe('what a server forbids', () => {
  it('is not tried again, and said so', async () => {
    const { retries, outcome, act, attempts, events, clock } = layers()
    const error = await outcome(
      run(
        retries[0],
        () => {
          const refused = failure()
          markGivenUp(refused, new GivenUp('server'))
          act(refused)
        },
        { clock },
      ),
    )
    expect(attempts()).toBe(1)
    expect(reasons(events[0] ?? [])).toEqual(['forbiddenByServer'])
    expect(isRetryable(error)).toBe(false)
  })
})

describe('p-retry', () => {
  const options = { retries: 3, minTimeout: 0 }

  it('around a call that retries does not start over, if it asks isRetryable', async () => {
    const { retries, outcome, act, attempts, clock } = layers()
    const call = pRetry(() => run(retries[0], () => act(), { clock }), {
      ...options,
      shouldRetry: ({ error }) => isRetryable(error),
    })
    await outcome(call)
    expect(attempts()).toBe(4)
  })

  it('around a call that is told so is the one that retries', async () => {
    const { retries, act, attempts, clock } = layers()
    let round = 0
    const call = pRetry(
      () => {
        if (++round === 3) return 'done'
        return run(retries[0], () => act(), { clock, isRetried: true })
      },
      { ...options, shouldRetry: ({ error }) => isRetryable(error) },
    )
    expect(await call).toBe('done')
    expect(attempts()).toBe(2)
  })

  it('is not stopped by what this side never sent', async () => {
    const { retries, clock } = layers()
    let round = 0
    const open = new EvenkeelError('CIRCUIT_OPEN', 'open', { transient: true })
    const call = pRetry(
      () =>
        run(
          retries[0],
          () => {
            if (round++) return 'done'
            throw open
          },
          { clock, isRetried: true },
        ),
      { ...options, shouldRetry: ({ error }) => isRetryable(error) },
    )
    expect(await call).toBe('done')
  })
})
