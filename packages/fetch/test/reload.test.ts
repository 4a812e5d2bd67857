import { memoryStore } from '@evenkeel/core/persistence'
import { manualClock } from '@evenkeel/core/testing'
import { awsBudget, finagleBudget } from '@evenkeel/retry'
import { describe, expect, it } from 'vitest'
import { createFetch } from '../src/index.ts'
import { sharedFetch, stateParts } from '../src/shared-state.ts'
import { type Outage, run } from './reload-world.ts'
import { url } from './world.ts'

describe('a hundred users in a minute’s outage, who reload every five seconds', () => {
  it.each<[outage: Outage, atMost: number]>([
    ['answers 503', 1.2],
    ['answers 503, Retry-After: 5', 1.2],
    ['drops the connection', 1.2],
    // Each of the three calls of a page waits for a minute, and the first reload sends one of them again.
    ['hangs', 1.34],
  ])(
    'cost a server that %s at most %d times what users cost it who wait',
    async (outage, atMost) => {
      const waiting = await run('sharedFetch', outage, false)
      const reloading = await run('sharedFetch', outage, true)
      const without = await run('createFetch', outage, true, 20)
      const told = ({ requestsPerUser }: typeof waiting) =>
        `${requestsPerUser.toFixed(1)} (× ${(requestsPerUser / waiting.requestsPerUser).toFixed(2)})`
      const back = ({ backAfterMs }: typeof waiting) => `${Math.ceil(backAfterMs / 1000)} s`
      console.log(
        `${outage}: ${waiting.requestsPerUser.toFixed(1)} requests of a user who waits, ${told(reloading)}` +
          ` of one who reloads, ${told(without)} without shared state; the last are back after` +
          ` ${back(waiting)} and ${back(reloading)}`,
      )
      expect(reloading.requestsPerUser).toBeLessThanOrEqual(atMost * waiting.requestsPerUser)
      expect(without.requestsPerUser).toBeGreaterThan(4 * waiting.requestsPerUser)
      expect(reloading.backAfterMs).toBeLessThan(60_000)
    },
  )
})

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
