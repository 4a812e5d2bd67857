import type { Reached } from '@evenkeel/core'
import { manualClock, seededRandom } from '@evenkeel/core/testing'
import {
  awsBudget,
  costWeightedBudget,
  finagleBudget,
  grpcBudget,
  type RetryBudget,
} from '@evenkeel/retry'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  awsQuota,
  costWeighted,
  type FleetBudgetKind,
  finagleReserve,
  grpcThrottling,
} from '../src/index.ts'

type Step = readonly [what: 'call' | 'success' | 'failure' | 'take' | 'rest', reached: Reached]

const steps = fc.array(
  fc.tuple(
    fc.constantFrom('call', 'success', 'failure', 'take', 'take', 'rest'),
    fc.constantFrom('no', 'maybe', 'yes'),
  ) as fc.Arbitrary<Step>,
  { maxLength: 400 },
)

const clock = manualClock()

describe.each<[string, FleetBudgetKind, (random: () => number) => RetryBudget]>([
  ['costWeighted', costWeighted(), (random) => costWeightedBudget({ random, clock })],
  [
    'costWeighted with other numbers',
    costWeighted({ earnedPerSuccess: 0.3, maxBanked: 2, refusalCost: 0, unknownCost: 0.5 }),
    (random) =>
      costWeightedBudget({
        earnedPerSuccess: 0.3,
        maxBanked: 2,
        refusalCost: 0,
        unknownCost: 0.5,
        random,
        clock,
      }),
  ],
  ['awsQuota', awsQuota(), () => awsBudget({ clock })],
  ['grpcThrottling', grpcThrottling(), () => grpcBudget({ clock })],
  ['finagleReserve', finagleReserve(), () => finagleBudget({ clock })],
])('%s', (_, kind, real) => {
  it('decides as the budget of @evenkeel/retry', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.integer(), async (script, seed) => {
        const fleet = kind(3, seededRandom(seed))
        const budget = real(seededRandom(seed))
        // A long time later, so that nothing is left of the run before.
        await clock.advance(600_000)
        for (const [what, reached] of script) {
          const nowMs = clock.now()
          if (what === 'rest') await clock.advance(700)
          else if (what === 'call') {
            fleet.onCall?.(1, nowMs)
            budget.onCall?.('key')
          } else if (what === 'success') {
            fleet.onSuccess?.(1, reached === 'no' ? undefined : reached)
            budget.onSuccess?.('key', reached === 'no' ? undefined : reached)
          } else if (what === 'failure') {
            fleet.onFailure?.(1)
            budget.onFailure?.('key', reached)
          } else expect(fleet.tryTake(1, reached, nowMs)).toBe(budget.tryTake('key', reached))
        }
      }),
      { numRuns: 50 },
    )
  })

  it('keeps clients apart, and forgets', () => {
    const fleet = kind(2, seededRandom(1))
    const fresh = kind(2, seededRandom(1))
    const firstNo = (budget: ReturnType<FleetBudgetKind>, client: number): number => {
      for (let taken = 0; taken < 200; taken++) {
        budget.onFailure?.(client)
        if (!budget.tryTake(client, 'yes', 0)) return taken
      }
      return Infinity
    }
    const first = firstNo(fleet, 0)
    firstNo(fresh, 0)
    firstNo(fresh, 1)
    fleet.forget(0)
    // The same chance is left, and one client as good as new.
    expect(firstNo(fleet, 0)).toBeGreaterThan(0)
    expect(first).toBeGreaterThan(0)
  })
})
