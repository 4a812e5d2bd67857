import { describe, expect, it, vi } from 'vitest'
import { type CallContext, EvenkeelError, isAbandoned, run, timeout } from '../src/index.ts'
import { manualClock } from '../src/testing/index.ts'

/** The context of a call whose caller aborts it. */
async function aborted(reason?: unknown): Promise<CallContext> {
  const controller = new AbortController()
  let context: CallContext | undefined
  const call = run(
    { name: 'pass', execute: (next, given) => next(given) },
    (given) => {
      context = given
      return new Promise(() => {})
    },
    { signal: controller.signal },
  )
  controller.abort(reason)
  await call.catch(() => {})
  return context as CallContext
}

describe('isAbandoned', () => {
  it.each([
    ['an abort without a reason', undefined, true],
    ['a word', 'unmounted', true],
    ['an error of the app', new Error('never mind'), true],
    ['a user of another view', new EvenkeelError('LEFT', 'left'), true],
    ['a copy that came too late', new EvenkeelError('HEDGE_LOST', 'lost'), true],
    ['AbortSignal.timeout', new DOMException('late', 'TimeoutError'), false],
    ['a timeout of evenkeel', new EvenkeelError('TIMEOUT', 'late'), false],
    ['a soft timeout', new EvenkeelError('SOFT_TIMEOUT', 'late'), false],
    ['a deadline', new EvenkeelError('DEADLINE_EXCEEDED', 'late'), false],
  ])('of %s: %s → %s', async (_, reason, expected) => {
    expect(isAbandoned(await aborted(reason))).toBe(expected)
  })

  it('is false of a call that nobody ended, and of one that a policy timed out', async () => {
    const clock = manualClock()
    let context: CallContext | undefined
    const call = run(timeout(10, { clock }), (given) => {
      context = given
      return new Promise(() => {})
    })
    expect(isAbandoned(context as CallContext)).toBe(false)
    await Promise.all([clock.advance(10), call.catch(() => {})])
    expect(isAbandoned(context as CallContext)).toBe(false)
  })

  it('is asked without a signal being made of a call that nobody can cancel', async () => {
    const make = vi.spyOn(globalThis, 'AbortController')
    let context: CallContext | undefined
    await run({ name: 'pass', execute: (next, given) => next(given) }, (given) => {
      context = given
    })
    expect(isAbandoned(context as CallContext)).toBe(false)
    expect(make).not.toHaveBeenCalled()
  })

  it('is told by the signal of a context that is not of this copy of the package', () => {
    const { signal } = new AbortController()
    expect(isAbandoned({ signal } as CallContext)).toBe(false)
    expect(isAbandoned({ signal: AbortSignal.abort('left') } as CallContext)).toBe(true)
  })
})
