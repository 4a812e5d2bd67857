import { memoryStore, shareState } from '@evenkeel/core/persistence'
import { fakeTabs, manualClock, seededRandom } from '@evenkeel/core/testing'
import { describe, expect, it } from 'vitest'
import {
  awsBudget,
  type CostWeightedBudget,
  costWeightedBudget,
  grpcBudget,
  type RetryBudget,
  retry,
  sharedBudget,
  type TokenBudget,
} from '../src/index.ts'

const key = 'https://api.example.com'

/** Some tabs of one browser, each with a budget that says yes while it holds anything. */
function browser<B extends RetryBudget & TokenBudget = CostWeightedBudget>(
  create: () => B = () => costWeightedBudget({ random: () => 0 }) as B & CostWeightedBudget,
) {
  const clock = manualClock()
  const tabs = fakeTabs()
  const store = memoryStore()
  let seed = 0
  function open() {
    const { channel, locks } = tabs.open()
    const budget = create()
    const random = seededRandom(++seed)
    const shared = shareState([sharedBudget(budget)], { store, clock, random, channel, locks })
    return { budget, shared, held: () => Math.round(budget.keys.get(key).tokens * 100) / 100 }
  }
  return { open, store, settle: () => clock.advance(0) }
}

describe('sharedBudget', () => {
  it('spends in all tabs what one tab spends, and lets each earn for itself', async () => {
    const { open, settle } = browser()
    const [one, two] = [open(), open()]
    one.budget.tryTake(key, 'yes')
    await settle()
    expect([one.held(), two.held()]).toEqual([0.75, 0.75])
    two.budget.onSuccess?.(key, undefined)
    one.budget.tryTake(key, 'maybe')
    await settle()
    expect([one.held(), two.held()]).toEqual([-0.25, -0.15])
  })

  it('grants as many retries to six tabs as to one', async () => {
    const { open, settle } = browser()
    const opened = Array.from({ length: 6 }, open)
    let retries = 0
    for (let round = 0; round < 10; round++)
      for (const { budget } of opened) {
        if (budget.tryTake(key, 'yes')) retries++
        await settle()
      }
    expect(retries).toBe(4)
  })

  it('outlives a reload, full or not', () => {
    const { open, store } = browser()
    const before = open()
    before.budget.onSuccess?.('full', undefined)
    before.budget.tryTake(key, 'maybe')
    before.shared.close()
    expect(store.get('evenkeel state evenkeel')).not.toContain('full')
    const after = open()
    expect(after.held()).toBe(0)
    for (let success = 0; success < 10; success++) after.budget.onSuccess?.(key, undefined)
    after.shared.close()
    expect(open().held()).toBe(1)
  })

  it('stops with sharing', async () => {
    const { open, settle } = browser()
    const [one, two] = [open(), open()]
    one.shared.close()
    one.budget.tryTake(key, 'maybe')
    await settle()
    expect([one.held(), two.held()]).toEqual([0, 1])
  })

  it('shares the quotas of gRPC and of the AWS SDKs too', async () => {
    const grpc = browser(() => grpcBudget())
    const [one, two] = [grpc.open(), grpc.open()]
    for (let failure = 0; failure < 3; failure++) one.budget.onFailure?.(key, 'yes')
    one.budget.onSuccess?.(key, undefined)
    await grpc.settle()
    expect([one.held(), two.held()]).toEqual([7.1, 7])
    const aws = browser(() => awsBudget())
    const [three, four] = [aws.open(), aws.open()]
    three.budget.tryTake(key, 'maybe')
    await aws.settle()
    expect([three.held(), four.held()]).toEqual([490, 490])
  })

  it('believes nothing that no tab could have spent, and nothing that refills', () => {
    const budget = costWeightedBudget({ random: () => 0 })
    const { load } = sharedBudget(budget)
    const held = () => budget.tokens(key)
    load({ version: 1, tokens: [{ key, tokens: 0.5 }] })
    load({ version: 1, tokens: [{ key, tokens: 5 }, null, { key: 7, tokens: 0 }, { key }] })
    load({ version: 1, spent: { key, tokens: -5 } })
    expect(held()).toBe(0.5)
    load({ version: 1, spent: { key, tokens: 1e9 } })
    expect(held()).toBe(-1)
    load({ version: 1, tokens: [{ key: '__proto__', tokens: -1e9 }] })
    expect([budget.tokens('__proto__'), budget.tokens('other')]).toEqual([-1, 1])
  })

  it.each([
    ['nothing', undefined, false],
    ['a later version', { version: 2, tokens: [] }, false],
    ['no tokens', { version: 1 }, false],
    ['tokens', { version: 1, tokens: [] }, true],
    ['spending that is none', { version: 1, spent: 'all' }, true],
  ])('says of %s whether it makes sense', (_, saved, makesSense) => {
    expect(sharedBudget(costWeightedBudget()).load(saved)).toBe(makesSense)
  })

  it('finds the budget of a retry', () => {
    const budget = costWeightedBudget()
    expect(retry({ budget }).budget).toBe(budget)
    expect(retry({ budget: false }).budget).toBeUndefined()
  })
})
