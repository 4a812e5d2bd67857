import {
  type CallContext,
  type Clock,
  GivenUp,
  givenUp,
  markGivenUp,
  type Next,
  reasonOf,
  withoutStack,
} from '@evenkeel/core'
import {
  type RateLimit,
  type RateLimitHintOptions,
  type RateLimitHints,
  rateLimitHints,
} from '@evenkeel/rate-limit'
import type { ActiveCall } from './active-call.ts'
import { boundBody } from './bound-body.ts'
import type { FetchEvent } from './events.ts'
import { HttpStatusError, isOffline, NetworkError } from './failure.ts'
import type { FetchOptions } from './options.ts'
import { releaseBody } from './release-body.ts'
import { markRetried } from './retried-signal.ts'
import { retryAdvice } from './retry-advice.ts'

/** Browsers send a request again by themselves after a 408. */
const retriedByThePlatform = (): readonly number[] => ('document' in globalThis ? [] : [408])

/** Sends one attempt; an answer that says "come again" becomes an error, which is what policies see. */
export function createTransport(
  {
    fetch: send = (input, init) => globalThis.fetch(input, init),
    transientStatuses: given,
    refusalStatuses = [425],
    isRateRefusal = () => false,
    readRetryAfterBody,
    // A page would have to ask other origins first (CORS).
    attemptHeader = globalThis.location ? false : 'X-Attempt',
    admission,
    retry,
    rateLimit: limitOptions,
  }: FetchOptions,
  rateLimit: RateLimit | undefined,
  emit: ((event: FetchEvent) => void) | undefined,
  clock: Clock,
): Next<Response> {
  if (attemptHeader) new Headers([[attemptHeader, '']])
  const transientStatuses = given ?? [...retriedByThePlatform(), 425, 429, 500, 502, 503, 504]
  const isRetrying = retry !== false && retry?.maxRetries !== 0
  /** Whether what a success says of limits is of use. */
  const learnsFromSuccess = !!(limitOptions || undefined)?.limits?.length

  const failed = (
    call: ActiveCall,
    attempt: number,
    status: number | undefined,
    error: unknown,
  ): void => emit?.({ type: 'attemptFailed', call, attempt, status, error })

  /** What policies see of an answer that is a failure; the rate limit learns of it first. */
  function failureOf(
    response: Response,
    call: ActiveCall,
    context: CallContext,
    isRefusal: boolean,
    body: unknown,
  ): HttpStatusError {
    const { status } = response
    const throttled = isRefusal || status === 429
    const hints = hintsOf(response, { body })
    const advice = retryAdvice(response)
    const retryAfterMs =
      typeof advice === 'number' ? Math.max(advice, hints?.retryAfterMs ?? 0) : hints?.retryAfterMs
    rateLimit?.learn(context, {
      ...hints,
      retryAfterMs,
      refused: throttled || retryAfterMs !== undefined,
      invalid: throttled && hints?.scope !== 'shared',
    })
    const reached =
      isRefusal || refusalStatuses.includes(status) ? 'no' : status === 504 ? 'maybe' : 'yes'
    const facts = {
      throttled,
      reached,
      retryAfterMs,
      clock,
    } as const
    const error = withoutStack(() => new HttpStatusError(response, call, facts))
    markGivenUp(error, advice === false ? new GivenUp('server') : givenUp(response))
    call.keep(error)
    failed(call, context.attempt, status, error)
    return error
  }

  function hintsOf(
    { headers }: Response,
    options: RateLimitHintOptions,
  ): RateLimitHints | undefined {
    // What only looks like a Response, as in tests, may have none.
    return typeof headers?.get === 'function'
      ? rateLimitHints(headers, clock.wallNow(), options)
      : undefined
  }

  /** A callback may throw; nobody then gets the answer. */
  function isRefused(response: Response): boolean {
    try {
      return isRateRefusal(response)
    } catch (error) {
      releaseBody(response)
      throw error
    }
  }

  /** A custom fetch may throw, or give a thenable of its own. */
  function sendOf(call: ActiveCall, attempt: number, signal: AbortSignal): Promise<Response> {
    try {
      const init = call.initFor(attempt, signal, attemptHeader)
      if (isRetrying || call.isRetried) markRetried(signal)
      return Promise.resolve(send(call.nextInput(), init))
    } catch (error) {
      return Promise.reject(error)
    }
  }

  return (context) => {
    const call = context.tag as ActiveCall
    const { attempt, signal } = context
    // What a retry that is not admitted must not hide is kept until then.
    if (call.attempts++ && admission) call.release()
    emit?.({ type: 'attemptStarted', call, attempt })
    // Who goes offline later may have been heard before.
    const wasOffline = isOffline()
    return sendOf(call, attempt, signal).then(
      (answer) => {
        const status = answer?.status
        if (status === undefined) throw new TypeError(`fetch gave no Response but ${answer}`)
        const response = boundBody(answer, context, call.signal, clock)
        // Of a hedge that lost, after a soft timeout, or from a fetch that does not heed its signal.
        if (call.hasEnded || signal.aborted) releaseBody(response)
        const isRefusal = isRefused(response)
        const isFailure =
          isRefusal ||
          transientStatuses.includes(status) ||
          (!given && status >= 500 && retryAdvice(answer) === true)
        if (isFailure) {
          const fail = (body?: unknown) => failureOf(response, call, context, isRefusal, body)
          if (!readRetryAfterBody || !(isRefusal || status === 429)) throw fail()
          return readRetryAfterBody(response)
            .catch(() => {})
            .then((body) => Promise.reject(fail(body)))
        }
        if (learnsFromSuccess) {
          const hints = hintsOf(answer, { ok: true })
          const invalid = status === 401 || status === 403
          if (hints || invalid) rateLimit?.learn(context, { ...hints, invalid })
        }
        return response
      },
      (cause) => {
        const error: unknown = signal.aborted
          ? reasonOf(signal)
          : withoutStack(() => new NetworkError(cause, call, wasOffline))
        failed(call, attempt, undefined, error)
        throw error
      },
    )
  }
}
