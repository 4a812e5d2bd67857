import { type CallContext, type Clock, cancellationOf, notify } from '@evenkeel/core'
import { type RateLimit, rateLimitHints } from '@evenkeel/rate-limit'
import type { ActiveCall } from './active-call.ts'
import { boundBody } from './bound-body.ts'
import { HttpStatusError, NetworkError } from './failure.ts'
import type { FetchOptions } from './options.ts'
import { releaseBody } from './release-body.ts'

/** What every attempt of a host shares. */
export interface TransportOptions
  extends Pick<FetchOptions, 'readRetryAfterBody' | 'isRateRefusal' | 'attemptHeader' | 'onEvent'> {
  readonly send: typeof globalThis.fetch
  readonly rateLimit: RateLimit | undefined
  /** Whether what a success says of limits is of use. */
  readonly learnsFromSuccess: boolean
  readonly transientStatuses: readonly number[]
  readonly refusalStatuses: readonly number[]
  readonly clock: Clock
}

/** The body as JSON, if that is what it is; it can still be read. */
async function peekJson(response: Response): Promise<unknown> {
  if (!response.headers.get('content-type')?.startsWith('application/json')) return undefined
  try {
    return await response.clone().json()
  } catch {
    return undefined
  }
}

/** Sends one attempt; an answer that says "come again" becomes an error, which is what policies see. */
export function createTransport({
  send,
  rateLimit,
  learnsFromSuccess,
  transientStatuses,
  refusalStatuses,
  isRateRefusal = () => false,
  readRetryAfterBody,
  attemptHeader,
  onEvent,
  clock,
}: TransportOptions): (call: ActiveCall, context: CallContext) => Promise<Response> {
  function reportFailure(
    call: ActiveCall,
    attempt: number,
    status: number | undefined,
    error: unknown,
  ): void {
    if (onEvent) notify(onEvent, { type: 'attemptFailed', call, attempt, status, error })
  }

  async function fail(
    response: Response,
    call: ActiveCall,
    context: CallContext,
    isRefusal: boolean,
  ): Promise<never> {
    const { status, headers } = response
    const throttled = isRefusal || status === 429
    const body = readRetryAfterBody && throttled ? await peekJson(response) : undefined
    const hints = rateLimitHints(headers, clock.wallNow(), { body })
    const retryAfterMs = hints?.retryAfterMs
    rateLimit?.learn(context, {
      ...hints,
      refused: throttled || (status === 503 && retryAfterMs !== undefined),
      invalid: throttled && hints?.scope !== 'shared',
    })
    const error = new HttpStatusError(response, call, {
      throttled,
      reached:
        isRefusal || refusalStatuses.includes(status) ? 'no' : status === 504 ? 'maybe' : 'yes',
      retryAfterMs,
      clock,
    })
    call.keep(error)
    reportFailure(call, context.attempt, status, error)
    throw error
  }

  return (call, context) => {
    const { attempt } = context
    const controller = new AbortController()
    const unlink = cancellationOf(context).onAbort((reason) => controller.abort(reason))
    call.attempts++
    if (onEvent) notify(onEvent, { type: 'attemptStarted', call, attempt })
    const init = call.initFor(attempt, controller.signal, attemptHeader)
    return send(call.nextInput(), init).then(
      (answer) => {
        unlink()
        const { status } = answer
        const response = boundBody(answer, context, call.signal, controller, clock)
        // Of a hedge that lost, or after a soft timeout.
        if (call.hasEnded) releaseBody(response)
        const isRefusal = isRateRefusal(response)
        if (isRefusal || transientStatuses.includes(status))
          return fail(response, call, context, isRefusal)
        if (learnsFromSuccess) {
          const hints = rateLimitHints(answer.headers, clock.wallNow(), { ok: true })
          const invalid = status === 401 || status === 403
          if (hints || invalid) rateLimit?.learn(context, { ...hints, invalid })
        }
        return response
      },
      (cause) => {
        unlink()
        const { signal } = controller
        const error = signal.aborted ? signal.reason : new NetworkError(cause, call)
        reportFailure(call, attempt, undefined, error)
        throw error
      },
    )
  }
}
