import { Cancellation } from './cancellation.ts'
import { checkNumber } from './check.ts'
import type { Clock, Timer } from './clock.ts'
import { limited, parentOf } from './context.ts'
import { EvenkeelError } from './errors.ts'
import { instantOf } from './instant.ts'
import type { CallContext, Next, Policy } from './policy.ts'
import { timeoutClock } from './timeout-clock.ts'

/** What {@link timeout} can be told. */
export interface TimeoutOptions {
  /** @defaultValue `timeoutClock` */
  readonly clock?: Clock | undefined
}

/**
 * Ends a call after `timeoutMs`, or at its deadline if that comes first: rejects, and aborts the
 * signal of what runs inside.
 *
 * Be generous. A request given up early is work the server does for nobody, and sending it again is
 * what turns overload into collapse (Bronson et al., "Metastable Failures", HotOS 2021).
 *
 * It keeps no Node process alive, as `AbortSignal.timeout` does not: what it waits for does.
 *
 * @throws `TIMEOUT` after `timeoutMs`, `DEADLINE_EXCEEDED` at the deadline of the call.
 */
export function timeout(timeoutMs: number, { clock = timeoutClock }: TimeoutOptions = {}): Policy {
  checkNumber('timeout', 'timeoutMs', timeoutMs, 1)
  return {
    name: 'timeout',
    execute<T>(next: Next<T>, context: CallContext): Promise<T> {
      const nowMs = instantOf(clock)
      const deadlineAtMs = Math.min(context.deadlineAtMs, nowMs + timeoutMs)
      if (deadlineAtMs === Infinity) return next(context)
      if (deadlineAtMs <= nowMs) return Promise.reject(overdue(context, 0, true))
      return new Promise((resolve, reject) => {
        let timer: Timer | undefined
        // Not there yet when `fail` hears of an abort that came before this call.
        let cancellation: Cancellation | undefined
        const fail = (reason: unknown): void => {
          timer?.cancel()
          cancellation?.release()
          reject(reason)
        }
        cancellation = new Cancellation(parentOf(context), fail)
        next(limited(context, deadlineAtMs, cancellation)).then((value) => {
          timer?.cancel()
          cancellation?.release()
          resolve(value)
        }, fail)
        timer = clock.scheduleAt(deadlineAtMs, () =>
          cancellation?.abort(
            overdue(context, deadlineAtMs < context.deadlineAtMs ? timeoutMs : 0, false),
          ),
        )
      })
    },
  }
}

/** The end by a limit of one's own, or, when `ownMs` is 0, by the deadline of the call. */
function overdue({ key }: CallContext, ownMs: number, isLate: boolean): EvenkeelError {
  return new EvenkeelError(
    ownMs ? 'TIMEOUT' : 'DEADLINE_EXCEEDED',
    ownMs ? `No result within ${ownMs} ms` : 'No result before the deadline',
    { key, transient: true, reached: isLate ? 'no' : 'maybe', throttled: isLate },
  )
}
