import { checkNumber, type TimeSource } from '@evenkeel/core'
import type { RetryBudget } from './budget.ts'
import { type TokenBudget, TokenKeys } from './token-keys.ts'

/** What {@link grpcBudget} can be told. */
export interface GrpcBudgetOptions {
  /** What a key starts with and can hold, up to 1000. @defaultValue 10, the proposal's example */
  readonly maxTokens?: number | undefined
  /** What each success adds. @defaultValue 0.1, the proposal's example: held back from about 10 % failures on */
  readonly tokenRatio?: number | undefined
  /** Tells how long a key has rested. @defaultValue `systemTime` */
  readonly clock?: TimeSource | undefined
}

/** The tokens after an attempt: a failure takes one, a success adds `tokenRatio`; from 0 to `maxTokens`. */
export function grpcTokens(
  tokens: number,
  succeeded: boolean,
  maxTokens: number,
  tokenRatio: number,
): number {
  return succeeded ? Math.min(maxTokens, tokens + tokenRatio) : Math.max(0, tokens - 1)
}

/**
 * The retry throttling of gRPC: each attempt that fails takes a token, each that succeeds adds a
 * fraction of one, and nothing is retried or hedged while half or less is left. A retry itself costs
 * nothing.
 *
 * It holds at any rate of calls, but is slow to trust again: ten failures take fifty successes to mend.
 *
 * @see https://github.com/grpc/proposal/blob/master/A6-client-retries.md#throttling-retry-attempts-and-hedged-rpcs
 * @throws `RangeError` for a bad option.
 */
export function grpcBudget({
  maxTokens = 10,
  tokenRatio = 0.1,
  clock,
}: GrpcBudgetOptions = {}): RetryBudget & TokenBudget {
  checkNumber('retry', 'maxTokens', maxTokens, 1, 1000)
  checkNumber('retry', 'tokenRatio', tokenRatio, 0.001, 1000)
  const keys = new TokenKeys(maxTokens, 0, clock)
  const count = (key: string, succeeded: boolean): void => {
    const { tokens } = keys.get(key)
    const after = grpcTokens(tokens, succeeded, maxTokens, tokenRatio)
    if (succeeded) keys.get(key).tokens = after
    else keys.spend(key, tokens - after)
  }
  return {
    keys,
    onSuccess: (key) => count(key, true),
    onFailure: (key) => count(key, false),
    tryTake: (key) => keys.get(key).tokens > maxTokens / 2,
  }
}
