import type { Random, Reached } from '@evenkeel/core'
import { affordsRetry, earnTokens } from '@evenkeel/retry'

/** The retry budgets of all clients: the same as `RetryBudget` of @evenkeel/retry, with a client for its key. */
export interface FleetBudget {
  /** A call starts. */
  onCall?(client: number, nowMs: number): void
  /** An attempt succeeded; `paidFor` is how far the one before it had got, if it was a retry. */
  onSuccess?(client: number, paidFor: Reached | undefined): void
  /** An attempt failed in a way that a retry may mend. */
  onFailure?(client: number): void
  /** Pays for one more attempt after one that got this far, and says whether it could. */
  tryTake(client: number, reached: Reached, nowMs: number): boolean
  /** The client starts anew, without what it remembered. */
  forget(client: number): void
}

/** Makes the budgets of so many clients. */
export type FleetBudgetKind = (clients: number, random: Random) => FleetBudget

/** What {@link costWeighted} can be told; as `CostWeightedBudgetOptions` of @evenkeel/retry. */
export interface CostWeightedRules {
  readonly earnedPerSuccess?: number | undefined
  readonly maxBanked?: number | undefined
  readonly refusalCost?: number | undefined
  readonly unknownCost?: number | undefined
}

/** evenkeel's own budget, `costWeightedBudget()` of @evenkeel/retry, for a fleet. */
export function costWeighted({
  earnedPerSuccess = 0.1,
  maxBanked = 1,
  refusalCost = 0.25,
  unknownCost = 1,
}: CostWeightedRules = {}): FleetBudgetKind {
  return (clients, random) => {
    const tokens = new Float64Array(clients).fill(maxBanked)
    return {
      onSuccess(client) {
        tokens[client] = earnTokens(tokens[client] as number, earnedPerSuccess, maxBanked)
      },
      tryTake(client, reached) {
        const cost = reached === 'maybe' ? unknownCost : refusalCost
        if (!affordsRetry(tokens[client] as number, cost, random)) return false
        tokens[client] = (tokens[client] as number) - cost
        return true
      },
      forget(client) {
        tokens[client] = maxBanked
      },
    }
  }
}
