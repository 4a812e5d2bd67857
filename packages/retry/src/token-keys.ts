import { KeyedState, type TimeSource } from '@evenkeel/core'

/** Tokens per key, each key full at first; one that is not full is remembered while there is room. */
export function tokenKeys(
  full: number,
  clock: TimeSource | undefined,
): KeyedState<{ tokens: number }> {
  return new KeyedState(() => ({ tokens: full }), {
    clock,
    isNeeded: ({ tokens }) => tokens < full,
  })
}
