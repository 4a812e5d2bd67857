import type { Reached } from '@evenkeel/core'
import { manualClock, seededRandom } from '@evenkeel/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  affordsRetry,
  awsBudget,
  costWeightedBudget,
  earnTokens,
  finagleBudget,
  grpcBudget,
  type RetryBudget,
} from '../src/index.ts'
import { always, failure, world } from './world.ts'

/** How many retries in a row are paid for. */
function burst(budget: RetryBudget, reached: Reached = 'yes', key = 'k'): number {
  let count = 0
  while (count < 10_000 && budget.tryTake(key, reached)) count++
  return count
}

describe('costWeightedBudget', () => {
  it('pays four refusals or one silence out of what a key starts with', () => {
    const random = (): number => 0.999
    expect(burst(costWeightedBudget({ random }), 'yes')).toBe(4)
    expect(burst(costWeightedBudget({ random }), 'no')).toBe(4)
    expect(burst(costWeightedBudget({ random }), 'maybe')).toBe(1)
  })

  it('banks one token at most, however many successes earn', () => {
    const budget = costWeightedBudget({ random: () => 0.999 })
    for (let call = 0; call < 1000; call++) budget.onSuccess?.('k', undefined)
    expect(burst(budget, 'maybe')).toBe(1)
  })

  it('says what a key has left', () => {
    const budget = costWeightedBudget({ random: () => 0.1 })
    budget.tryTake('k', 'yes')
    expect([budget.tokens('k'), budget.tokens('other')]).toEqual([0.75, 1])
    budget.onSuccess?.('k', undefined)
    expect(budget.tokens('k')).toBeCloseTo(0.85)
    expect(budget.tryTake('k', 'maybe')).toBe(true)
    expect(budget.tokens('k')).toBeCloseTo(-0.15)
  })

  it('keeps keys apart', () => {
    const budget = costWeightedBudget({ random: () => 0.999 })
    expect(burst(budget, 'maybe', 'a')).toBe(1)
    expect(burst(budget, 'maybe', 'b')).toBe(1)
  })

  it.each([
    ['maybe', 0.1],
    ['yes', 0.4],
  ] as const)('in the long run pays for exactly what is earned: %s', (reached, share) => {
    const budget = costWeightedBudget({ random: seededRandom(5) })
    let retries = 0
    for (let call = 0; call < 20_000; call++) {
      budget.onSuccess?.('k', undefined)
      if (budget.tryTake('k', reached)) retries++
    }
    expect(Math.abs(retries / 20_000 - share)).toBeLessThan(0.001)
  })

  it.each([
    ['maybe', 1],
    ['yes', 4],
  ] as const)('holds a client that only ever fails to its bank: %s', async (reached, retries) => {
    const { outcome, attempts } = world({}, 9)
    for (let call = 0; call < 1000; call++) await outcome(always(failure({ reached })))
    expect(attempts).toHaveLength(1000 + retries)
  })

  it('never spends more than was banked and earned, but for one debt', () =>
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.boolean(), { maxLength: 200 }), (seed, steps) => {
        const random = seededRandom(seed)
        let tokens = 1
        let spent = 0
        let earned = 1
        for (const isSuccess of steps) {
          const before = tokens
          if (isSuccess) {
            tokens = earnTokens(tokens, 0.1, 1)
            earned += 0.1
          } else {
            if (affordsRetry(tokens, 1, random)) tokens--
            spent += before - tokens
          }
          expect(tokens).toBeGreaterThan(-1)
          expect(tokens).toBeLessThanOrEqual(1)
          expect(spent).toBeLessThan(earned + 1)
        }
      }),
    ))

  it('remembers a debt while there is room, and forgets a key that has rested', async () => {
    const clock = manualClock()
    const budget = costWeightedBudget({ clock, random: () => 0.999 })
    burst(budget, 'maybe', 'spent')
    budget.onSuccess?.('whole', undefined)
    for (let hour = 0; hour < 5; hour++) {
      await clock.advance(3_600_000)
      budget.onSuccess?.(`other ${hour}`, undefined)
    }
    expect(burst(budget, 'maybe', 'spent')).toBe(0)
    expect(burst(budget, 'maybe', 'whole')).toBe(1)
  })

  it('is shared by the policies that are given the same object', async () => {
    const budget = costWeightedBudget({ random: () => 0.999 })
    const first = world({ budget })
    const second = world({ budget })
    await first.outcome([failure({ reached: 'maybe' })])
    const { error } = await second.outcome([failure({ reached: 'maybe' })])
    expect(error).toMatchObject({ code: 'RETRY_BUDGET_EXHAUSTED' })
    expect(first.attempts).toHaveLength(2)
  })

  it('takes a cost of 0 for free', () => {
    expect(burst(costWeightedBudget({ refusalCost: 0, maxBanked: 0 }))).toBe(10_000)
  })

  it('checks its options', () => {
    expect(() => costWeightedBudget({ refusalCost: -1 })).toThrow(
      new RangeError('retry: refusalCost must be a number ≥ 0, got -1'),
    )
    expect(() => costWeightedBudget({ earnedPerSuccess: NaN })).toThrow(RangeError)
  })
})

describe('a server that never answers', () => {
  it.each([
    ['the default budget', 1001, undefined],
    ['no budget', 4000, false as const],
  ])('gets, with %s, %d attempts from 1000 calls', async (_, attempts, budget) => {
    const { call, clock, attempts: made } = world({ budget })
    const silence = always(failure({ reached: 'maybe' }))
    const calls = Array.from({ length: 1000 }, () => call(silence).catch(() => {}))
    await clock.runAll()
    await Promise.all(calls)
    expect(made).toHaveLength(attempts)
  })
})

describe('grpcBudget', () => {
  it('retries only while more than half is left', () => {
    const budget = grpcBudget()
    const allowed = Array.from({ length: 6 }, () => {
      budget.onFailure?.('k', 'yes')
      return budget.tryTake('k', 'yes')
    })
    expect(allowed).toEqual([true, true, true, true, false, false])
  })

  it('needs fifty successes after ten failures', () => {
    const budget = grpcBudget()
    for (let failures = 0; failures < 30; failures++) budget.onFailure?.('k', 'yes')
    let successes = 0
    for (; !budget.tryTake('k', 'yes'); successes++) budget.onSuccess?.('k', undefined)
    expect([50, 51]).toContain(successes)
  })

  it('never holds more than maxTokens', () => {
    const budget = grpcBudget({ maxTokens: 2, tokenRatio: 1 })
    for (let successes = 0; successes < 9; successes++) budget.onSuccess?.('k', undefined)
    budget.onFailure?.('k', 'yes')
    expect(budget.tryTake('k', 'yes')).toBe(false)
  })

  it('counts every attempt of a call, the first and the last as well', async () => {
    const { outcome, attempts, events } = world({ budget: grpcBudget({ maxTokens: 6 }) })
    await outcome(always(failure()))
    expect(attempts).toHaveLength(3)
    expect(events.at(-1)).toMatchObject({ reason: 'budgetExhausted' })
  })

  it('does not count a failure that no retry can mend', async () => {
    const { outcome, attempts } = world({ budget: grpcBudget({ maxTokens: 2 }) })
    for (let call = 0; call < 9; call++) await outcome([failure({ transient: false })])
    await outcome([])
    await outcome([failure()])
    expect(attempts).toHaveLength(11)
  })

  it('adds for each success, retried or not', async () => {
    const budget = grpcBudget({ maxTokens: 4, tokenRatio: 1 })
    const { outcome, attempts } = world({ budget })
    for (let call = 0; call < 9; call++) await outcome([failure()])
    expect(attempts).toHaveLength(18)
    for (let fail = 0; fail < 4; fail++) budget.onFailure?.('default', 'yes')
    for (let call = 0; call < 3; call++) await outcome([])
    expect(budget.tryTake('default', 'yes')).toBe(true)
  })

  it('checks its options', () => {
    expect(() => grpcBudget({ maxTokens: 1001 })).toThrow(
      new RangeError('retry: maxTokens must be a number from 1 to 1000, got 1001'),
    )
    expect(() => grpcBudget({ tokenRatio: 0 })).toThrow(RangeError)
  })
})

describe('finagleBudget', () => {
  it('always has a hundred retries in ten seconds', async () => {
    const clock = manualClock()
    const budget = finagleBudget({ clock })
    expect(burst(budget)).toBe(100)
    await clock.advance(9000)
    expect(burst(budget)).toBe(0)
    await clock.advance(1000)
    expect(burst(budget)).toBe(100)
  })

  it('adds a fifth of the calls of the last ten seconds', async () => {
    const clock = manualClock()
    const budget = finagleBudget({ clock })
    for (let call = 0; call < 500; call++) budget.onCall?.('k')
    await clock.advance(5000)
    expect(burst(budget)).toBe(200)
    await clock.advance(60_000)
    expect(burst(budget)).toBe(100)
  })

  it('has a share alone without a floor, and a floor alone without a share', () => {
    const clock = manualClock()
    const share = finagleBudget({ clock, minRetriesPerSecond: 0, ratio: 0.5 })
    expect(burst(share)).toBe(0)
    for (let call = 0; call < 10; call++) share.onCall?.('k')
    expect(burst(share)).toBe(5)
    const floor = finagleBudget({ clock, ratio: 0, minRetriesPerSecond: 1, ttlMs: 2500 })
    for (let call = 0; call < 10; call++) floor.onCall?.('k')
    expect(burst(floor)).toBe(2)
    const empty = finagleBudget({ clock, ratio: 0, minRetriesPerSecond: 0 })
    expect(burst(empty)).toBe(0)
  })

  it('lets deposits expire slice by slice', async () => {
    const clock = manualClock()
    const budget = finagleBudget({ clock, minRetriesPerSecond: 0, ratio: 1 })
    for (let second = 0; second < 10; second++) {
      budget.onCall?.('k')
      await clock.advance(1000)
    }
    await clock.advance(4000)
    expect(burst(budget)).toBe(5)
  })

  it('gives the classic retry all it asks for, in a tab that makes a call a second', async () => {
    const { outcome, attempts, clock } = world({ budget: finagleBudget({ clock: manualClock() }) })
    for (let call = 0; call < 20; call++) {
      await outcome(always(failure()))
      await clock.advance(1000)
    }
    expect(attempts).toHaveLength(80)
  })

  it('checks its options', () => {
    expect(() => finagleBudget({ ttlMs: 999 })).toThrow(
      new RangeError('retry: ttlMs must be a number from 1000 to 60000, got 999'),
    )
    expect(() => finagleBudget({ ratio: 1001 })).toThrow(RangeError)
    expect(() => finagleBudget({ minRetriesPerSecond: -1 })).toThrow(RangeError)
  })
})

describe('awsBudget', () => {
  it('pays a hundred refusals or fifty timeouts', () => {
    expect(burst(awsBudget())).toBe(100)
    expect(burst(awsBudget(), 'maybe')).toBe(50)
  })

  it('gives a retry that succeeds its price back, and one token for any other success', () => {
    const budget = awsBudget()
    burst(budget)
    budget.onSuccess?.('k', 'maybe')
    expect(burst(budget)).toBe(2)
    budget.onSuccess?.('k', 'yes')
    expect(burst(budget)).toBe(1)
    for (let success = 0; success < 5; success++) budget.onSuccess?.('k', undefined)
    expect(burst(budget)).toBe(1)
  })

  it('is whole again after a retry that works', async () => {
    const budget = awsBudget({ capacity: 10 })
    const { outcome, attempts } = world({ budget })
    for (let call = 0; call < 20; call++) await outcome([failure({ reached: 'maybe' })])
    expect(attempts).toHaveLength(40)
    await outcome(always(failure()))
    expect(attempts).toHaveLength(43)
    await outcome([])
    expect(burst(budget, 'yes', 'default')).toBe(0)
  })

  it('is remembered while it is not whole', async () => {
    const clock = manualClock()
    const budget = awsBudget({ clock })
    burst(budget)
    for (let hour = 0; hour < 5; hour++) {
      await clock.advance(3_600_000)
      budget.onSuccess?.(`other ${hour}`, undefined)
    }
    expect(burst(budget)).toBe(0)
  })

  it('checks its options', () => {
    expect(() => awsBudget({ capacity: -1 })).toThrow(
      new RangeError('retry: capacity must be a number ≥ 0, got -1'),
    )
  })
})
