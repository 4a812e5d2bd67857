import type { Random } from '@evenkeel/core'

/** The tokens after one more success has earned its share; at most `maxBanked`. */
export function earnTokens(tokens: number, earnedPerSuccess: number, maxBanked: number): number {
  return Math.min(maxBanked, tokens + earnedPerSuccess)
}

/**
 * Whether a retry of this cost may be made; the tokens are then less by all of it, below 0 if need be.
 *
 * Said with probability `tokens / cost`, so that the mean spent is exactly what was earned, even by a
 * client so quiet that it never saves up for one retry.
 */
export function affordsRetry(tokens: number, cost: number, random: Random): boolean {
  return !cost || random() * cost < tokens
}
