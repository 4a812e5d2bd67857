import { type CircuitBreaker, circuitBreaker } from '@evenkeel/circuit-breaker'
import {
  checkNoOther,
  compose,
  deadline,
  errorCode,
  isTransient,
  type Pipeline,
  type Policy,
  timeout,
  timeoutClock,
} from '@evenkeel/core'
import { type RateLimit, rateLimit } from '@evenkeel/rate-limit'
import { type Retry, type RetryOptions, retry } from '@evenkeel/retry'
import type { PresetOptions } from './options.ts'

/** The parts that keep state, to be asked for it. */
export interface PresetParts {
  readonly retry: Retry | undefined
  readonly rateLimit: RateLimit | undefined
  readonly circuitBreaker: CircuitBreaker | undefined
}

/** The whole preset as one policy. */
export interface Preset extends Pipeline, PresetParts {}

/** A refusal by a policy further in says when to come back: to wait for that here would hide it. */
const attemptCodes = /^(HTTP_STATUS|NETWORK_ERROR|TIMEOUT)$/

/** Whether an attempt of the host itself failed, and may succeed later. */
export function mayPass(error: unknown): boolean {
  return isTransient(error) && attemptCodes.test(errorCode(error) ?? 'TIMEOUT')
}

/** Nests the preset, between a deadline and a limit for attempts that the caller brings. */
export function assemble(
  outer: Policy | undefined,
  shouldRetry: NonNullable<RetryOptions['shouldRetry']>,
  {
    retry: retryOptions,
    admission,
    bulkhead,
    hedge,
    rateLimit: rateLimitOptions,
    circuitBreaker: breakerOptions,
    onEvent,
    clock,
    random,
    ...others
  }: Omit<PresetOptions, 'totalTimeoutMs' | 'attemptTimeoutMs' | 'network'>,
  inner: Policy,
): Preset {
  checkNoOther('preset', others)
  const shared = { onEvent, clock, random }
  const made = <O, P>(make: (options: O) => P, options: O | false | undefined): P | undefined =>
    options === false ? undefined : make({ ...shared, ...(options as O) })
  const parts: PresetParts = {
    retry: made((options) => retry({ shouldRetry, ...options }), retryOptions),
    rateLimit: made(rateLimit, rateLimitOptions),
    circuitBreaker: made(circuitBreaker, breakerOptions),
  }
  const policies = [
    outer,
    parts.retry,
    admission,
    bulkhead,
    hedge,
    parts.rateLimit,
    parts.circuitBreaker,
    inner,
  ]
  return { ...compose(...policies.filter((policy) => !!policy)), ...parts }
}

/**
 * What `createFetch` puts around fetch, for anything else that talks to a server:
 * total deadline → retry (budget) → rate limit (cooldown) → circuit breaker → attempt timeout.
 */
export function preset(options: PresetOptions = {}): Preset {
  const { totalTimeoutMs = 120_000, attemptTimeoutMs = 60_000, network, ...rest } = options
  const { clock = timeoutClock } = rest
  return assemble(
    deadline(totalTimeoutMs, { clock }),
    ({ error }) => mayPass(error),
    rest,
    network?.timeout(attemptTimeoutMs) ?? timeout(attemptTimeoutMs, { clock }),
  )
}
