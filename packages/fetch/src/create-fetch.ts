import {
  type CallContext,
  checkNoOther,
  EvenkeelError,
  errorCode,
  givenUp,
  markGivenUp,
  nest,
  notify,
  type Policy,
  runNested,
  timeout,
  timeoutClock,
} from '@evenkeel/core'
import { ActiveCall } from './active-call.ts'
import type { CallOptions, FetchInput, ResilientRequestInit } from './call.ts'
import { checkCall } from './check-call.ts'
import type { FetchEvent } from './events.ts'
import { HttpStatusError, NetworkError } from './failure.ts'
import type { FetchOptions } from './options.ts'
import { originReader } from './origin.ts'
import { assemble, mayPass, type Preset } from './preset.ts'
import { softTimeout } from './soft-timeout.ts'
import { createTransport } from './transport.ts'

/** A drop-in `fetch` that rides out overload, and never makes it worse. */
export interface ResilientFetch {
  (input: FetchInput, init?: ResilientRequestInit): Promise<Response>
  /** The same fetch over the same state, for calls of a kind. */
  with(call: CallOptions): ResilientFetch
  /** Its policies, to be asked for their state. */
  readonly policies: Preset
  /** What relative addresses are relative to, if not to the page: of a client's fetch. */
  readonly baseUrl?: URL | undefined
}

// What has no code was thrown by a callback: the same answer would make it throw again.
const shouldRetry = ({ error, context }: { error: unknown; context: CallContext }): boolean =>
  errorCode(error) !== undefined && mayPass(error) && !(context.tag as ActiveCall).isOnce

/** What fetch threw, unless only the body kept the request from being sent again. */
function thrownBy({ key, cause, reached, transient }: NetworkError, call: ActiveCall): unknown {
  if (!transient || !call.idempotent || !call.isOnce) return cause
  const message = `No answer from ${key}, and the body is a stream: it can be sent only once`
  return new EvenkeelError('BODY_NOT_REPLAYABLE', message, { key, cause, reached, transient })
}

/**
 * Wraps `fetch`: same arguments, same `Response`, same `AbortSignal`, and by default total deadline,
 * work-aware retries within a budget, cooldowns, circuit breaker and attempt timeout.
 *
 * A failing answer is returned as fetch returns it. What fetch throws is thrown; and besides it only
 * what is listed here, each an `EvenkeelError` with `code` and `key`, and `retryAt` where a wait is known.
 *
 * @throws `CIRCUIT_OPEN`, `COOLDOWN_TOO_LONG`, `QUEUE_FULL`, `RETRY_AFTER_TOO_LONG`,
 * `RETRY_BUDGET_EXHAUSTED`, `DEADLINE_EXCEEDED`, `TIMEOUT`, `SOFT_TIMEOUT`, `BODY_NOT_REPLAYABLE`,
 * and the codes of `limits`; `RangeError` for an option that is bad or misspelt
 */
export function createFetch(options: FetchOptions = {}): ResilientFetch {
  const {
    totalTimeoutMs = 120_000,
    attemptTimeoutMs = 60_000,
    softTimeoutMs,
    clock = timeoutClock,
    network,
    onEvent,
    // What is read elsewhere.
    retry,
    admission,
    bulkhead,
    hedge,
    rateLimit,
    circuitBreaker,
    random,
    fetch,
    key,
    route,
    transientStatuses,
    refusalStatuses,
    isRateRefusal,
    idempotency,
    readRetryAfterBody,
    attemptHeader,
    signal,
    call,
    ...others
  } = options
  checkNoOther('createFetch', others)
  checkCall(options as CallOptions, 'createFetch')
  const emit = onEvent && ((event: FetchEvent): void => notify(onEvent, event))

  const limit = (timeoutMs: number): Policy =>
    network?.timeout(timeoutMs) ?? timeout(timeoutMs, { clock })
  const attemptTimeout = limit(attemptTimeoutMs)
  const perCallTimeout: Policy = {
    name: 'timeout',
    execute(next, context) {
      const own = (context.tag as ActiveCall).options.attemptTimeoutMs
      return (own === undefined ? attemptTimeout : limit(own)).execute(next, context)
    },
  }
  const policies = assemble(
    undefined,
    shouldRetry,
    {
      retry,
      admission,
      bulkhead,
      hedge,
      // The transport tells it of every refusal.
      rateLimit: rateLimit !== false && { isRefusal: false, ...rateLimit },
      circuitBreaker,
      onEvent(event) {
        if (event.type === 'retryScheduled' && !admission) (event.tag as ActiveCall).release()
        emit?.(event)
      },
      clock: options.clock,
      random,
    },
    perCallTimeout,
  )
  const transport = createTransport(options, policies.rateLimit, emit, clock)
  const nested = nest(policies.policies, transport)
  const originOf = originReader()

  function start(call: ActiveCall): Promise<Response> {
    const { priority, totalTimeoutMs: deadlineMs = totalTimeoutMs } = call.options
    const { signal, key, route, idempotent, isRetried } = call
    return runNested(nested, {
      signal,
      key,
      route,
      priority,
      // A stream can't be hedged either.
      idempotent: idempotent && !call.isOnce,
      isRetried,
      deadlineMs,
      clock,
      tag: call,
    }).then(
      (response) => {
        call.end(response)
        emit?.({ type: 'succeeded', call, attempts: call.attempts, status: response.status })
        return response
      },
      (thrown) => {
        // A retry that the server's word holds back must not hide the answer before it.
        const isHeldBack = /^(SHED_BY_HINT|PAUSED_BY_SERVER)$/.test(errorCode(thrown) ?? '')
        const error: unknown = (isHeldBack && call.lastFailed) || thrown
        const isAnswer = error instanceof HttpStatusError
        const result = isAnswer ? error.response : undefined
        call.end(result)
        const status = isAnswer ? error.status : undefined
        emit?.({ type: 'failed', call, attempts: call.attempts, status, error })
        const outcome = result ?? (error instanceof NetworkError ? thrownBy(error, call) : error)
        // Whoever is around this fetch may ask it, too.
        markGivenUp(outcome, givenUp(error))
        if (result) return result
        throw outcome
      },
    )
  }

  function build(owner: string, defaults: CallOptions | undefined): ResilientFetch {
    if (defaults) checkCall(defaults, owner)
    function resilientFetch(input: FetchInput, init?: ResilientRequestInit): Promise<Response> {
      try {
        const call = new ActiveCall(input, init, defaults, originOf, options)
        const outcome = start(call)
        const softMs = call.options.softTimeoutMs ?? softTimeoutMs
        return softMs === undefined ? outcome : softTimeout(outcome, softMs, call, clock)
      } catch (error) {
        // fetch throws nothing: a bad header rejects.
        return Promise.reject(error)
      }
    }
    return Object.assign(resilientFetch, {
      with: (call: CallOptions) => build('fetch.with', { ...defaults, ...call }),
      policies,
    })
  }
  return build('createFetch.call', options.call)
}
