import { describe, expect, it } from 'vitest'
import { type Outage, run } from './reload-world.ts'

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

describe('the one call that goes ahead after a reload of a page whose server hangs', () => {
  it.each([5, 10, 20])('is one more, be they %d that the page had sent', async (calls) => {
    const waiting = await run('sharedFetch', 'hangs', false, 20, calls)
    const reloading = await run('sharedFetch', 'hangs', true, 20, calls)
    expect(waiting.requestsPerUser).toBe(calls)
    expect(reloading.requestsPerUser).toBe(calls + 1)
  })
})
