import { KeyedState, type TimeSource } from '@evenkeel/core'

/** Tokens per key. */
export class TokenKeys extends KeyedState<{ tokens: number }> {
  /** What a key starts with, and can hold. */
  readonly most: number
  /** What a key can fall to. */
  readonly least: number
  /** Told of every spending, if somebody shares the budget: set by `sharedBudget`. */
  onSpent: ((key: string, amount: number) => void) | undefined = undefined

  /** Each key is full at first; one that is not full is remembered while there is room. */
  constructor(most: number, least: number, clock: TimeSource | undefined) {
    super(() => ({ tokens: most }), { clock, isNeeded: ({ tokens }) => tokens < most })
    this.most = most
    this.least = least
  }

  /** Takes tokens from a key. */
  spend(key: string, amount: number): void {
    this.get(key).tokens -= amount
    this.onSpent?.(key, amount)
  }
}

/** A budget that holds tokens per key. */
export interface TokenBudget {
  /** The tokens themselves, to be saved and shared. */
  readonly keys: TokenKeys
}
