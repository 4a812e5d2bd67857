import type { Backoff } from './backoff.ts'
import { type SpreadOptions, table } from './table.ts'

/**
 * Waits the same each time, and a random share more.
 *
 * @throws `RangeError` for a bad number.
 */
export function constant(delayMs: number, options?: SpreadOptions): Backoff {
  return table([delayMs], options)
}
