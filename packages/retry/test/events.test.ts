import { describe, expect, it, vi } from 'vitest'
import { constant, type RetryEvent } from '../src/index.ts'
import { always, failure, world } from './world.ts'

const exact = { backoff: constant(4000, { jitterRatio: 0 }) } as const

describe('the events of a retry', () => {
  it('tell the life of a call, with its key and the tag of the caller', async () => {
    const error = failure()
    const { outcome, events } = world({ ...exact, maxRetries: 1, budget: false })
    const facts = { key: 'a', tag: 'upload' }
    await outcome(always(error), facts)
    expect(events).toEqual([
      { type: 'retryScheduled', ...facts, attempt: 2, delayMs: 4000, error, hintMs: undefined },
      { type: 'gaveUp', ...facts, attempts: 2, reason: 'retriesExhausted', error },
    ])
  })

  it('say enough for "Retrying in 4 s (attempt 2)"', async () => {
    const shown: string[] = []
    const { outcome } = world({
      ...exact,
      budget: false,
      onEvent: (event: RetryEvent) => {
        if (event.type === 'retryScheduled')
          shown.push(`Retrying in ${event.delayMs / 1000} s (attempt ${event.attempt})`)
      },
    })
    await outcome([failure()])
    expect(shown).toEqual(['Retrying in 4 s (attempt 2)'])
  })

  it('name the budget when that is why', async () => {
    const cause = failure({ reached: 'maybe' })
    const { outcome, events, attempts } = world({ ...exact, budget: { tryTake: () => false } })
    const { error } = await outcome([cause], { key: 'a' })
    expect(error).toMatchObject({
      code: 'RETRY_BUDGET_EXHAUSTED',
      message: 'No retry budget is left for a',
      key: 'a',
      reached: 'maybe',
      transient: true,
      retryAfterMs: 4000,
      cause,
      // A refusal is made for most calls of an overload.
      stack: expect.not.stringContaining('\n'),
    })
    expect(attempts).toHaveLength(1)
    expect(events).toEqual([
      { type: 'budgetExhausted', key: 'a', tag: undefined, attempt: 2 },
      { type: 'gaveUp', key: 'a', tag: undefined, attempts: 1, reason: 'budgetExhausted', error },
    ])
  })

  it('break no call by a listener that throws', async () => {
    const report = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { outcome } = world({
      ...exact,
      onEvent: () => {
        throw new Error('listener')
      },
    })
    expect(await outcome([failure()])).toMatchObject({ value: 'ok' })
    expect(report).toHaveBeenCalled()
    report.mockRestore()
  })
})
