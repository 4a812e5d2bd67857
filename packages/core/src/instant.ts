import type { CallContext, Next } from './policy.ts'
import type { TimeSource } from './time-source.ts'

let held: TimeSource | undefined
let heldMs = 0

/**
 * What a clock shows, by the reading of a policy further out if nothing has been awaited since. A reading
 * serves once: what runs further in may block for as long as it likes.
 */
export function instantOf(clock: TimeSource): number {
  if (clock !== held) return clock.now()
  held = undefined
  return heldMs
}

/**
 * Calls on, with a reading of the clock that holds until that returns: a look at the platform's clock costs as much
 * as a policy.
 */
export function nextAt<T>(
  clock: TimeSource,
  nowMs: number,
  next: Next<T>,
  context: CallContext,
): Promise<T> {
  held = clock
  heldMs = nowMs
  try {
    return next(context)
  } finally {
    held = undefined
  }
}
