import type { Random } from '@evenkeel/core'

/** The tokens after one more call has earned its share; at most `maxBanked`. */
export function earn(tokens: number, earnedPerCall: number, maxBanked: number): number {
  return Math.min(maxBanked, tokens + earnedPerCall)
}

/**
 * The tokens after a try to spend `cost`: lower if it was allowed, the same if not.
 *
 * Allowed with probability `tokens / cost` and then at full price, into debt if need be: the mean
 * spent is exactly what was earned, even by a client so quiet that it never saves up for one retry.
 */
export function spend(tokens: number, cost: number, random: Random): number {
  return random() * cost < tokens ? tokens - cost : tokens
}
