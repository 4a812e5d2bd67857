import { compose, EvenkeelError, failureFacts, run, timeout } from '@evenkeel/core'
import { manualClock } from '@evenkeel/core/testing'
import { describe, expect, it } from 'vitest'
import { circuitBreaker, consecutiveFailures } from '../src/index.ts'
import { failure, world } from './world.ts'

const trip = consecutiveFailures({ threshold: 1 })
const opens = async (error: unknown) => {
  const { fail, breaker } = world({ trip })
  await fail(error)
  return breaker.state('default') === 'open'
}

describe('what counts as a failure', () => {
  it.each([
    ['an error that says it may go away', failure()],
    ['a refused connection', failure({ reached: 'no' })],
    ['a timeout', new EvenkeelError('TIMEOUT', 'slow', { transient: true, reached: 'maybe' })],
    ['a timeout of the platform', new DOMException('slow', 'TimeoutError')],
    ['an error that says nothing', new Error('socket hang up')],
    ['a string', 'boom'],
    ['nothing at all', undefined],
    ['null', null],
  ])('%s does', async (_, error) => {
    const { fail, breaker } = world({ trip })
    // `undefined` as an argument would take the default.
    await (error === undefined ? fail(null) : fail(error))
    expect(breaker.state('default')).toBe('open')
  })

  it.each([
    ['a 404', failure({ transient: false })],
    ['a bug', new TypeError('x is not a function')],
    ['an abort', new DOMException('gone', 'AbortError')],
    ['a 429', failure({ throttled: true, retryAfterMs: 60_000 })],
    [
      'a 429 on an error of one’s own',
      Object.assign(new Error('429'), { [failureFacts]: { throttled: true } }),
    ],
    [
      'a limit on this side',
      new EvenkeelError('RATE_LIMITED', 'wait', { transient: true, throttled: true }),
    ],
  ])('%s does not', async (_, error) => {
    expect(await opens(error)).toBe(false)
  })

  it('a refusal by a breaker further in does not', async () => {
    const inner = circuitBreaker()
    inner.isolate()
    const { breaker } = world({ trip })
    const call = run(compose(breaker, inner), () => 'unreached')
    await expect(call).rejects.toMatchObject({ code: 'CIRCUIT_OPEN' })
    expect(breaker.state('default')).toBe('closed')
  })

  it('a call that was too late before it began does not', async () => {
    const clock = manualClock()
    const breaker = circuitBreaker({ trip, clock })
    const call = run(
      {
        name: 'waits',
        async execute(next, context) {
          await clock.advance(20)
          return compose(breaker, timeout(1000, { clock })).execute(next, context)
        },
      },
      () => 'unreached',
      { clock, deadlineMs: 10 },
    )
    await expect(call).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    expect(breaker.state('default')).toBe('closed')
  })

  it.each([
    ['the reason of the platform', undefined],
    ['a reason of the app’s', new Error('the user left')],
    ['a string', 'the user left'],
    ['null', null],
  ])('an abort by the caller with %s does not', async (_, reason) => {
    const { start, breaker } = world({ trip })
    const controller = new AbortController()
    const call = start({ signal: controller.signal })
    controller.abort(reason)
    await call.fail(controller.signal.reason)
    await Promise.resolve()
    expect(breaker.state('default')).toBe('closed')
  })

  it('an abort by a timeout around the breaker does: the server had its time', async () => {
    const clock = manualClock()
    const breaker = circuitBreaker({ trip, clock })
    const policy = compose(timeout(1000, { clock }), breaker)
    const call = run(
      policy,
      ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason))
        }),
    )
    const ended = expect(call).rejects.toMatchObject({ code: 'TIMEOUT' })
    await clock.advance(1000)
    await ended
    expect(breaker.state('default')).toBe('open')
  })

  it('an abort by a timeout signal of the caller’s does, too', async () => {
    const { start, breaker } = world({ trip })
    const controller = new AbortController()
    const call = start({ signal: controller.signal })
    controller.abort(new DOMException('slow', 'TimeoutError'))
    await call.fail(controller.signal.reason)
    await Promise.resolve()
    expect(breaker.state('default')).toBe('open')
  })

  it('a success of a call that the caller gave up still counts as one', async () => {
    const { start, fail, breaker, clock } = world({ trip, rampMs: 0 })
    await fail()
    await clock.advance(5000)
    const controller = new AbortController()
    const probe = start({ signal: controller.signal })
    controller.abort()
    await probe.succeed()
    await Promise.resolve()
    expect(breaker.state('default')).toBe('closed')
  })

  it('is the app’s to decide, from the error and the call', async () => {
    const { fail, breaker } = world({
      trip,
      isFailure: ({ error, context }) => context.priority === 'critical' && error === 'boom',
    })
    await fail('boom')
    await fail('other', { priority: 'critical' })
    expect(breaker.state('default')).toBe('closed')
    expect(breaker.state('default', 'critical')).toBe('closed')
    await fail('boom', { priority: 'critical' })
    expect(breaker.state('default', 'critical')).toBe('open')
  })

  it('breaks no call when a listener throws', async () => {
    const { console } = globalThis
    const reported: unknown[] = []
    globalThis.console = { ...console, error: (...args: unknown[]) => reported.push(args) }
    try {
      const error = failure()
      const { fail } = world({
        trip,
        onEvent: () => {
          throw new Error('listener')
        },
      })
      expect(await fail(error)).toEqual({ error })
      expect(reported).toHaveLength(1)
    } finally {
      globalThis.console = console
    }
  })
})
