import { checkNumber } from '@evenkeel/core'
import type { Backoff } from './backoff.ts'

/** What {@link table} and {@link constant} can be told. */
export interface SpreadOptions {
  /**
   * The most that chance adds, as a share of the wait; 0 for exact waits.
   * @defaultValue 0.5, Envoy's: clients that failed together must not come back together
   */
  readonly jitterRatio?: number | undefined
}

/**
 * Waits what is listed, the last for ever after, and a random share more.
 *
 * @throws `RangeError` for an empty list or a bad number.
 */
export function table(
  delaysMs: readonly number[],
  { jitterRatio = 0.5 }: SpreadOptions = {},
): Backoff {
  checkNumber('retry', 'delaysMs.length', delaysMs.length, 1)
  for (const delayMs of delaysMs)
    checkNumber('retry', 'delayMs', delayMs, 1, Number.MAX_VALUE, 'a finite number ≥ 1')
  checkNumber('retry', 'jitterRatio', jitterRatio, 0)
  return ({ retry, random }) =>
    (delaysMs[Math.min(retry, delaysMs.length) - 1] as number) * (1 + jitterRatio * random())
}
