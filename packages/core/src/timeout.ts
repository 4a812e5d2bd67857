import { Cancellation } from './cancellation.ts'
import { checkNumber } from './check.ts'
import { type Clock, systemClock } from './clock.ts'
import { cancellationOf, derive } from './context.ts'
import { EvenkeelError } from './errors.ts'
import type { CallContext, Next, Policy } from './policy.ts'

/** What {@link timeout} can be told. */
export interface TimeoutOptions {
  /** @defaultValue `systemClock` */
  readonly clock?: Clock | undefined
}

/**
 * Ends a call after `timeoutMs`, or at its deadline if that comes first: rejects, and aborts the
 * signal of what runs inside.
 *
 * Be generous. A request given up early is work the server does for nobody, and sending it again is
 * what turns overload into collapse (Bronson et al., "Metastable Failures", HotOS 2021).
 *
 * @throws `TIMEOUT` after `timeoutMs`, `DEADLINE_EXCEEDED` at the deadline of the call.
 */
export function timeout(timeoutMs: number, { clock = systemClock }: TimeoutOptions = {}): Policy {
  checkNumber('timeout', 'timeoutMs', timeoutMs, 1)
  return {
    name: 'timeout',
    execute<T>(next: Next<T>, context: CallContext): Promise<T> {
      const nowMs = clock.now()
      const leftMs = context.deadlineAtMs - nowMs
      const limitMs = Math.min(timeoutMs, leftMs)
      if (limitMs === Infinity) return next(context)
      const ended = (): EvenkeelError =>
        new EvenkeelError(
          limitMs < leftMs ? 'TIMEOUT' : 'DEADLINE_EXCEEDED',
          limitMs < leftMs ? `No result within ${timeoutMs} ms` : 'No result before the deadline',
          {
            key: context.key,
            transient: true,
            reached: limitMs > 0 ? 'maybe' : 'no',
            throttled: limitMs <= 0,
          },
        )
      if (limitMs <= 0) return Promise.reject(ended())
      return new Promise((resolve, reject) => {
        const cancellation = new Cancellation(cancellationOf(context))
        const timer = clock.scheduleAt(nowMs + limitMs, () => {
          const error = ended()
          reject(error)
          cancellation.abort(error)
        })
        const end = (): void => {
          timer.cancel()
          cancellation.release()
        }
        next(derive(context, { cancellation, deadlineAtMs: nowMs + limitMs })).then(
          (value) => {
            end()
            resolve(value)
          },
          (error) => {
            end()
            reject(error)
          },
        )
      })
    },
  }
}
