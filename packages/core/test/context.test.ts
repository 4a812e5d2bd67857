import { describe, expect, test, vi } from 'vitest'
import {
  type CallContext,
  Cancellation,
  cancellationOf,
  claimRetries,
  compose,
  derive,
  run,
} from '../src/index.ts'

const contextOf = (signal?: AbortSignal): Promise<CallContext> =>
  run(compose(), (context) => context, { key: 'k', signal })

describe('derive', () => {
  test('changes what is named and keeps the rest', async () => {
    const context = await contextOf()
    const derived = derive(context, { attempt: 2, priority: 'deferred', route: 'r' })
    expect(derived).toMatchObject({ attempt: 2, priority: 'deferred', route: 'r', key: 'k' })
    expect(
      derive(derived, { idempotent: false, tag: 't', key: 'l', deadlineAtMs: 5 }),
    ).toMatchObject({
      attempt: 2,
      idempotent: false,
      tag: 't',
      key: 'l',
      deadlineAtMs: 5,
    })
    expect(context).toMatchObject({ attempt: 1, priority: 'important', route: 'k' })
  })

  test('shares the signal, unless it is given a cancellation', async () => {
    const context = await contextOf()
    const { signal } = context
    expect(derive(context, { attempt: 2 }).signal).toBe(signal)
    const cancellation = new Cancellation(cancellationOf(context))
    const derived = derive(context, { cancellation })
    expect(derived.signal).not.toBe(signal)
    cancellation.abort('inner')
    expect([derived.signal.reason, signal.aborted]).toEqual(['inner', false])
  })

  test('takes a context that another host made', () => {
    const controller = new AbortController()
    const foreign = { signal: controller.signal, attempt: 1, key: 'f' } as CallContext
    const derived = derive(foreign, { attempt: 2 })
    expect(derived).toMatchObject({ attempt: 2, key: 'f' })
    controller.abort('foreign')
    expect(derived.signal.reason).toBe('foreign')
  })
})

describe('cancellationOf', () => {
  test('is the same each time, and what the signal of the context follows', async () => {
    const context = await contextOf()
    const cancellation = cancellationOf(context)
    expect(cancellationOf(context)).toBe(cancellation)
    expect(context.signal).toBe(cancellation.signal)
    expect(cancellationOf(derive(context, { attempt: 2 }))).toBe(cancellation)
  })

  test('follows the signal of a context that another host made', () => {
    const controller = new AbortController()
    const reasons: unknown[] = []
    cancellationOf({ signal: controller.signal } as CallContext).onAbort((reason) =>
      reasons.push(reason),
    )
    controller.abort('foreign')
    expect(reasons).toEqual(['foreign'])
  })
})

test('two copies of the package agree on what cancels a call and who tries it again', async () => {
  vi.resetModules()
  const other = await import('../src/index.ts')
  const context = await contextOf()
  const cancellation = other.cancellationOf(context)
  expect(cancellation).toBe(cancellationOf(context))
  expect([claimRetries(context, {}), other.claimRetries(context, {})]).toEqual([true, false])
})
