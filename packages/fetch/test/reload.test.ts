import { memoryStore } from '@evenkeel/core/persistence'
import { manualClock } from '@evenkeel/core/testing'
import { awsBudget, finagleBudget } from '@evenkeel/retry'
import { describe, expect, it } from 'vitest'
import { createFetch } from '../src/index.ts'
import { sharedFetch, stateParts } from '../src/shared-state.ts'
import { url } from './world.ts'

describe('sharedFetch', () => {
  const share = { channel: false, locks: false } as const

  it('sends nothing until the page before would have, and then one request', async () => {
    const [clock, store] = [manualClock(), memoryStore()]
    let requests = 0
    const fetch = async () => {
      requests++
      return new Response('', { status: 503 })
    }
    const options = { fetch, clock, retry: false, random: () => 0.5 } as const
    const before = sharedFetch(options, { store, ...share })
    for (let call = 0; call < 5; call++) await before(url)
    before.shared.close()
    const after = sharedFetch(options, { store, ...share })
    const calls = [after(url), after(url)]
    await clock.advance(11_999)
    expect(requests).toBe(5)
    await clock.advance(1)
    expect(requests).toBe(6)
    await clock.advance(60_000)
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([503, 503])
    after.shared.close()
  })

  it('takes any options of createFetch', () => {
    const off = sharedFetch({ retry: false, rateLimit: false, circuitBreaker: false })
    expect(stateParts(off.policies)).toEqual([])
    off.shared.close()
    const limits = [() => ({ code: 'RATE_LIMITED', startAtMs: () => Number.NEGATIVE_INFINITY })]
    const own = sharedFetch({ rateLimit: { limits } })
    expect(own.policies.rateLimit?.gates.get('a').limits).toHaveLength(2)
    own.shared.close()
  })

  it('shares the parts that are on, and the budgets that hold tokens', () => {
    const names = (budget: typeof awsBudget | typeof finagleBudget) =>
      stateParts(createFetch({ retry: { budget: budget() } }).policies).map(({ name }) => name)
    expect(names(awsBudget)).toEqual(['circuits', 'budget', 'rateLimit'])
    expect(names(finagleBudget)).toEqual(['circuits', 'rateLimit'])
  })
})
