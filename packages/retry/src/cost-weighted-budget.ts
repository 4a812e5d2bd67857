import { checkNumber, type Random, systemRandom, type TimeSource } from '@evenkeel/core'
import type { RetryBudget } from './budget.ts'
import { affordsRetry, earnTokens } from './cost-weighted.ts'
import { type TokenBudget, TokenKeys } from './token-keys.ts'

/** What {@link costWeightedBudget} can be told; all but the last two in tokens. */
export interface CostWeightedBudgetOptions {
  /**
   * What each call that succeeds adds.
   * @defaultValue 0.1: Google's SRE book holds retries to a tenth of the calls
   */
  readonly earnedPerSuccess?: number | undefined
  /** What a key starts with and can hold. @defaultValue 1: a million clients each hold a burst of their own */
  readonly maxBanked?: number | undefined
  /** The price of a retry after a failure the server answered or never saw. @defaultValue 0.25 */
  readonly refusalCost?: number | undefined
  /** The price of a retry after silence: the server may still be at work on the last one. @defaultValue 1 */
  readonly unknownCost?: number | undefined
  /** Tells how long a key has rested. @defaultValue `systemTime` */
  readonly clock?: TimeSource | undefined
  /** @defaultValue `Math.random` */
  readonly random?: Random | undefined
}

/** A {@link costWeightedBudget}, which can be asked how much it holds. */
export interface CostWeightedBudget extends RetryBudget, TokenBudget {
  /** The tokens a key has left: at most `maxBanked`, below 0 while what was spent is not yet earned. */
  tokens(key: string): number
}

/**
 * A retry budget in fractions of a retry: small enough for a fleet of browser tabs that make a call
 * a minute, where budgets sized for servers hold nothing back.
 *
 * Holds retries to `earnedPerSuccess / cost` of the successes, a `maxBanked / cost` burst apart. Failures
 * earn nothing: in a spike that a server mostly refuses, earning by the call makes 1.4 attempts of
 * each, earning by success 1.06, and a partial outage of 20 % is mended as well by either.
 *
 * @throws `RangeError` for a bad option.
 */
export function costWeightedBudget({
  earnedPerSuccess = 0.1,
  maxBanked = 1,
  refusalCost = 0.25,
  unknownCost = 1,
  clock,
  random = systemRandom,
}: CostWeightedBudgetOptions = {}): CostWeightedBudget {
  for (const [name, value] of Object.entries({
    earnedPerSuccess,
    maxBanked,
    refusalCost,
    unknownCost,
  }))
    checkNumber('retry', name, value, 0)
  const keys = new TokenKeys(maxBanked, -unknownCost, clock)
  return {
    keys,
    onSuccess(key) {
      const state = keys.get(key)
      state.tokens = earnTokens(state.tokens, earnedPerSuccess, maxBanked)
    },
    tryTake(key, reached) {
      const cost = reached === 'maybe' ? unknownCost : refusalCost
      if (!affordsRetry(keys.get(key).tokens, cost, random)) return false
      keys.spend(key, cost)
      return true
    },
    tokens: (key) => keys.peek(key)?.tokens ?? maxBanked,
  }
}
