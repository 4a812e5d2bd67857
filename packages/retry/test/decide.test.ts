import { seededRandom } from '@evenkeel/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  constant,
  type Decision,
  decide,
  type FailedAttempt,
  fullJitter,
  type GiveUpReason,
  type RetryRules,
} from '../src/index.ts'
import { failure, world } from './world.ts'

const rules: RetryRules = {
  backoff: constant(1000, { jitterRatio: 0 }),
  maxRetryAfterMs: 300_000,
  random: () => 0.5,
}
const failed: FailedAttempt = {
  error: undefined,
  retryable: true,
  idempotent: true,
  reached: 'yes',
  retry: 1,
  retriesLeft: 3,
  hintMs: undefined,
  previousDelayMs: undefined,
  leftMs: Infinity,
}
const hopeless: FailedAttempt = {
  ...failed,
  retryable: false,
  idempotent: false,
  retriesLeft: 0,
  hintMs: 1e9,
  leftMs: 0,
}

describe('decide', () => {
  it.each([
    ['nothing against it', failed, 1000, undefined],
    ['a hint', { ...failed, hintMs: 2000 }, 2500, undefined],
    ['a hint of two minutes', { ...failed, hintMs: 120_000 }, 135_000, undefined],
    ['everything against it', hopeless, 0, 'notRetryable'],
    ['all but the failure itself', { ...hopeless, retryable: true }, 0, 'notIdempotent'],
    [
      'all but what must not be sent twice',
      { ...hopeless, retryable: true, reached: 'no' as const },
      0,
      'retriesExhausted',
    ],
    [
      'a hint and a deadline too far',
      { ...failed, hintMs: 1e9, leftMs: 0 },
      1e9,
      'retryAfterTooLong',
    ],
    ['a deadline that the wait would miss', { ...failed, leftMs: 1000 }, 1000, 'deadlineExceeded'],
    ['a deadline that it would not', { ...failed, leftMs: 1001 }, 1000, undefined],
  ])('with %s', (_, attempt, delayMs, reason) => {
    expect(decide(attempt, rules, () => true)).toEqual({ delayMs, reason })
  })

  it('asks the budget last, and only for a retry that would be made', () => {
    const asked: string[] = []
    const pay = (reached: string): boolean => {
      asked.push(reached)
      return false
    }
    decide(hopeless, rules, pay)
    decide({ ...failed, leftMs: 1000 }, rules, pay)
    expect(asked).toEqual([])
    expect(decide({ ...failed, reached: 'maybe' }, rules, pay)).toEqual({
      delayMs: 1000,
      reason: 'budgetExhausted',
    })
    expect(asked).toEqual(['maybe'])
  })

  it('agrees with the policy: the same failures, the same waits and the same end', () =>
    fc.assert(
      fc.asyncProperty(
        fc.record({
          idempotent: fc.boolean(),
          deadlineMs: fc.constantFrom(Infinity, 500, 5000, 60_000),
          maxRetries: fc.integer({ min: 0, max: 4 }),
          seed: fc.integer(),
          script: fc.array(
            fc.record({
              transient: fc.boolean(),
              reached: fc.constantFrom('no' as const, 'maybe' as const, 'yes' as const),
              retryAfterMs: fc.constantFrom(0, 100, 30_000, 400_000),
            }),
            { maxLength: 6 },
          ),
          paid: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
        }),
        async ({ idempotent, deadlineMs, maxRetries, seed, script, paid }) => {
          const shell = [...paid]
          const { outcome, events } = world(
            {
              maxRetries,
              backoff: fullJitter(),
              budget: { tryTake: () => shell.shift() as boolean },
            },
            seed,
          )
          await outcome(
            script.map((facts) => failure(facts)),
            { idempotent, deadlineMs },
          )
          const core = [...paid]
          const random = seededRandom(seed)
          const waits: number[] = []
          let nowMs = 0
          let reason: GiveUpReason | undefined
          for (const [index, { transient, reached, retryAfterMs }] of script.entries()) {
            const decision: Decision = decide(
              {
                error: undefined,
                retryable: transient,
                idempotent,
                reached,
                retry: index + 1,
                retriesLeft: maxRetries - index,
                hintMs: retryAfterMs,
                previousDelayMs: waits.at(-1),
                leftMs: deadlineMs - nowMs,
              },
              { ...rules, backoff: fullJitter(), random },
              () => core.shift() as boolean,
            )
            reason = decision.reason
            if (reason) break
            waits.push(decision.delayMs)
            nowMs += decision.delayMs
          }
          expect(
            events.flatMap((event) => (event.type === 'retryScheduled' ? [event.delayMs] : [])),
          ).toEqual(waits)
          expect(
            events.flatMap((event) => (event.type === 'gaveUp' ? [event.reason] : [])),
          ).toEqual(reason ? [reason] : [])
        },
      ),
      { numRuns: 300 },
    ))
})
