import { type CallContext, failureFacts, type RunOptions, run } from '@evenkeel/core'
import { type ManualClock, manualClock, seededRandom } from '@evenkeel/core/testing'
import { type RateLimitEvent, type RateLimitOptions, rateLimit } from '../src/index.ts'

/** A failure as a host without `learn` would throw it. */
export function refusal(retryAfterMs?: number): Error {
  return Object.assign(new Error('429'), {
    [failureFacts]: { throttled: true, transient: true, retryAfterMs },
  })
}

/** A rate limit on a manual clock, its events, and calls that tell when they started. */
export function world({
  clock = manualClock(),
  ...options
}: Omit<RateLimitOptions, 'clock'> & { readonly clock?: ManualClock } = {}) {
  const events: RateLimitEvent[] = []
  const limit = rateLimit({
    clock,
    random: seededRandom(1),
    onEvent: (event) => events.push(event),
    ...options,
  })
  /** When, and which, calls started. */
  const starts: [atMs: number, name: string][] = []
  const key = 'api'

  function call<T = string>(
    name: string,
    action: (context: CallContext) => T | PromiseLike<T> = () => name as T,
    runOptions: RunOptions = {},
  ): Promise<T> {
    return run(
      limit,
      (context) => {
        starts.push([clock.now(), name])
        return action(context)
      },
      { key, clock, ...runOptions },
    )
  }

  /** A call that the server refuses. */
  const refused = (retryAfterMs?: number): Promise<unknown> =>
    call('refused', () => Promise.reject(refusal(retryAfterMs))).catch((error) => error)

  /** The events without those of single calls. */
  const told = (...types: RateLimitEvent['type'][]) =>
    events.filter(({ type }) => types.includes(type))

  return { clock, events, limit, starts, key, call, refused, told }
}

/** What a promise came to by now. */
export async function outcomeOf(promise: Promise<unknown>): Promise<unknown> {
  const pending = Symbol('pending')
  const outcome = await Promise.race([
    promise.catch((error) => error),
    new Promise((resolve) => setImmediate(resolve, pending)),
  ])
  return outcome === pending ? 'pending' : outcome
}
