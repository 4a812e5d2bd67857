import { Cancellation, reasonOf } from './cancellation.ts'
import { checkNumber } from './check.ts'
import { Call } from './context.ts'
import type { AbortSource } from './either-signal.ts'
import { nextAt } from './instant.ts'
import type { CallContext, Next, Policy, Priority } from './policy.ts'
import { systemTime, type TimeSource } from './time-source.ts'

/** What one call can say of itself. */
export interface RunOptions {
  /** Ends the call at once, with the reason of the signal. */
  readonly signal?: AbortSignal | AbortSource | undefined
  /** The failure domain. @defaultValue `'default'` */
  readonly key?: string | undefined
  /** The call's kind within its key, as a rate limit sees it. @defaultValue the key */
  readonly route?: string | undefined
  /** @defaultValue `'important'` */
  readonly priority?: Priority | undefined
  /** Anything of yours: the events of this call carry it. */
  readonly tag?: unknown
  /**
   * Whether the action may be applied twice.
   * @defaultValue `true`: who wraps an action in a retry has said so
   */
  readonly idempotent?: boolean | undefined
  /**
   * Whether something outside tries the whole call again, a loop of yours or p-retry: retry policies then make one attempt.
   * @defaultValue `false`
   */
  readonly isRetried?: boolean | undefined
  /** How long the call may take, every attempt and wait included. @defaultValue `Infinity` */
  readonly deadlineMs?: number | undefined
  /** Tells when the deadline is. @defaultValue `systemTime` */
  readonly clock?: TimeSource | undefined
}

/**
 * Runs an action under a policy.
 *
 * @throws `RangeError`, as a rejection, for a bad `deadlineMs`.
 */
export function run<T>(
  policy: Policy,
  action: (context: CallContext) => T | PromiseLike<T>,
  options?: RunOptions,
): Promise<T> {
  const next: Next<T> = (context) => promised(action, context)
  return runNested((context) => policy.execute(next, context), options)
}

/**
 * Starts a call of what is nested already: {@link run}, without nesting the same policies anew for each call.
 *
 * @throws `RangeError`, as a rejection, for a bad `deadlineMs`.
 */
export function runNested<T>(nested: Next<T>, options: RunOptions = {}): Promise<T> {
  const { signal } = options
  if (!signal) return enter(nested, options)
  if (signal.aborted) return Promise.reject(reasonOf(signal))
  return new Promise((resolve, reject) => {
    const cancellation = new Cancellation(signal, reject)
    enter(nested, options, cancellation).then(
      (value) => {
        cancellation.release()
        resolve(value)
      },
      (error) => {
        cancellation.release()
        reject(error)
      },
    )
  })
}

function enter<T>(
  nested: Next<T>,
  {
    key = 'default',
    route = key,
    priority = 'important',
    tag,
    idempotent = true,
    isRetried,
    deadlineMs = Infinity,
    clock = systemTime,
  }: RunOptions,
  cancellation?: Cancellation,
): Promise<T> {
  try {
    const isLimited = deadlineMs !== Infinity
    if (isLimited) checkNumber('run', 'deadlineMs', deadlineMs, -Infinity, Infinity, 'a number')
    const nowMs = isLimited ? clock.now() : 0
    const context = new Call(
      1,
      key,
      route,
      priority,
      tag,
      idempotent,
      nowMs + deadlineMs,
      cancellation,
      isRetried || undefined,
    )
    return isLimited ? nextAt(clock, nowMs, nested, context) : nested(context)
  } catch (error) {
    return Promise.reject(error)
  }
}

/** Whatever a function does, as a promise does it. */
function promised<T>(
  action: (context: CallContext) => T | PromiseLike<T>,
  context: CallContext,
): Promise<T> {
  try {
    return Promise.resolve(action(context))
  } catch (error) {
    return Promise.reject(error)
  }
}
