import { checkNumber } from './check.ts'
import { limited, parentOf } from './context.ts'
import { nextAt } from './instant.ts'
import type { CallContext, Next, Policy } from './policy.ts'
import { systemTime, type TimeSource } from './time-source.ts'

/** What {@link deadline} can be told. */
export interface DeadlineOptions {
  /** @defaultValue `systemTime` */
  readonly clock?: TimeSource | undefined
}

/**
 * Gives a call `totalMs` for all its attempts and waits.
 *
 * It sets no timer: every wait of every policy ends the call at once when it does not fit, and a
 * {@link timeout} around the action ends the last attempt. It never moves a deadline further away.
 */
export function deadline(totalMs: number, { clock = systemTime }: DeadlineOptions = {}): Policy {
  checkNumber('deadline', 'totalMs', totalMs, 1)
  return {
    name: 'deadline',
    execute<T>(next: Next<T>, context: CallContext): Promise<T> {
      const nowMs = clock.now()
      const deadlineAtMs = Math.min(context.deadlineAtMs, nowMs + totalMs)
      return nextAt(clock, nowMs, next, limited(context, deadlineAtMs, parentOf(context)))
    },
  }
}
