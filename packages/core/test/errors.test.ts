import { inspect } from 'node:util'
import { runInNewContext } from 'node:vm'
import { describe, expect, test, vi } from 'vitest'
import {
  EvenkeelError,
  errorCode,
  failureFacts,
  isThrottled,
  isTransient,
  reached,
  retryAfterMs,
} from '../src/index.ts'
import { manualClock } from '../src/testing/index.ts'

const guards = { errorCode, isTransient, reached, retryAfterMs, isThrottled }
const read = (error: unknown) =>
  Object.fromEntries(Object.entries(guards).map(([name, guard]) => [name, guard(error)]))

const silent = {
  errorCode: undefined,
  isTransient: true,
  reached: 'maybe',
  retryAfterMs: undefined,
  isThrottled: false,
}
const told = {
  errorCode: 'BUSY',
  isTransient: true,
  reached: 'maybe',
  retryAfterMs: 5,
  isThrottled: true,
}
const init = { transient: true, reached: 'maybe', retryAfterMs: 5, throttled: true } as const

describe('EvenkeelError', () => {
  test('is an Error with a code, a sentence and what policies ask for', () => {
    const cause = new Error('below')
    const error = new EvenkeelError('BUSY', 'Come back later', { ...init, key: 'api', cause })
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ name: 'EvenkeelError', code: 'BUSY', key: 'api', cause, ...init })
    expect(`${error}`).toBe('EvenkeelError: Come back later')
    expect(error.stack).toContain('Come back later')
  })

  test('is by default a refusal that nothing has reached and that time does not heal', () => {
    const error = new EvenkeelError('NO', 'No')
    expect(error).toMatchObject({ transient: false, reached: 'no' })
    for (const absent of ['key', 'retryAfterMs', 'retryAt', 'throttled', 'cause'] as const)
      expect(error[absent]).toBeUndefined()
  })

  test('says when to come back by the wall clock, 0 ms included', () => {
    const clock = manualClock(1_000_000)
    const retryAt = (ms: number): number | undefined =>
      new EvenkeelError('C', 'm', { retryAfterMs: ms, clock }).retryAt?.getTime()
    expect([retryAt(500), retryAt(0)]).toEqual([1_000_500, 1_000_000])
    vi.useFakeTimers({ now: 77 })
    expect(new EvenkeelError('C', 'm', { retryAfterMs: 1 }).retryAt?.getTime()).toBe(78)
    vi.useRealTimers()
  })

  test('keeps a cause that is falsy', () => {
    expect(new EvenkeelError('C', 'm', { cause: 0 }).cause).toBe(0)
    expect('cause' in new EvenkeelError('C', 'm', { key: 'k' })).toBe(false)
  })

  test('can be printed and serialized', () => {
    const error = new EvenkeelError('BUSY', 'Come back later', init)
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ code: 'BUSY', retryAfterMs: 5 })
    expect(inspect(error)).toContain('EvenkeelError: Come back later')
  })
})

describe('the guards', () => {
  test('read an EvenkeelError', () => {
    expect(read(new EvenkeelError('BUSY', 'm', init))).toEqual(told)
  })

  test('read an error of a second copy of this package', async () => {
    vi.resetModules()
    const copy = await import('../src/errors.ts')
    expect(copy.EvenkeelError).not.toBe(EvenkeelError)
    const error = new copy.EvenkeelError('BUSY', 'm', init)
    expect(error).not.toBeInstanceOf(EvenkeelError)
    expect(read(error)).toEqual(told)
  })

  test('read an error of another realm, plain or with facts', () => {
    const code = "Object.assign(new Error('x'), { [Symbol.for('evenkeel.failure')]: facts })"
    expect(read(runInNewContext(code, { facts: { code: 'BUSY', ...init } }))).toEqual(told)
    expect(isTransient(runInNewContext("new TypeError('bug')"))).toBe(false)
    expect(read(runInNewContext("new Error('x')"))).toEqual(silent)
  })

  test('read facts that any error carries, and default those it leaves out', () => {
    const error = Object.assign(new TypeError('fetch failed'), {
      [failureFacts]: { reached: 'no' },
    })
    expect(read(error)).toEqual({ ...silent, isTransient: false, reached: 'no' })
  })

  test.each([
    ['undefined', undefined],
    ['null', null],
    ['a string', 'boom'],
    ['a number', 0],
    ['a symbol', Symbol('x')],
    ['a frozen error', Object.freeze(new Error('frozen'))],
    ['an object without a prototype', Object.create(null)],
    ['a function', () => {}],
    ['a name that is a symbol', { name: Symbol('AbortError') }],
    ['facts that are null', { [failureFacts]: null }],
    ['facts that are a string', { [failureFacts]: 'x' }],
    [
      'a getter that throws',
      {
        get [failureFacts](): never {
          throw new Error('facts')
        },
      },
    ],
    [
      'a name that throws',
      {
        get name(): never {
          throw new Error('name')
        },
      },
    ],
    [
      'a message that throws',
      {
        name: 'Error',
        get message(): never {
          throw new Error('message')
        },
      },
    ],
    [
      'facts whose every getter throws',
      {
        [failureFacts]: new Proxy(
          {},
          {
            get() {
              throw new Error('all')
            },
          },
        ),
      },
    ],
    [
      'a revoked proxy',
      (() => {
        const { proxy, revoke } = Proxy.revocable({}, {})
        revoke()
        return proxy
      })(),
    ],
  ])('make nothing of %s, and do not throw', (_, thrown) => {
    expect(read(thrown)).toEqual(silent)
  })

  test.each(['AbortError', 'TypeError', 'RangeError', 'ReferenceError', 'SyntaxError'])(
    'take a %s for final',
    (name) => {
      expect(isTransient(Object.assign(new Error('x'), { name }))).toBe(false)
    },
  )

  test('take a timeout of the platform for transient, an abort for final', () => {
    expect(isTransient(new DOMException('x', 'TimeoutError'))).toBe(true)
    expect(isTransient(new DOMException('x', 'AbortError'))).toBe(false)
    expect(isTransient(Object.assign(new Error('x'), { name: 'MyTypeErrorish' }))).toBe(true)
  })
})
