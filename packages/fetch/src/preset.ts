import { type CircuitBreaker, circuitBreaker } from '@evenkeel/circuit-breaker'
import {
  compose,
  deadline,
  errorCode,
  isTransient,
  type Pipeline,
  type Policy,
  timeout,
} from '@evenkeel/core'
import { type RateLimit, rateLimit } from '@evenkeel/rate-limit'
import { type Retry, retry } from '@evenkeel/retry'
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

const shouldRetry = ({ error }: { readonly error: unknown }): boolean => mayPass(error)

/** Nests the preset, between a deadline and a limit for attempts that the caller brings. */
export function assemble(
  outer: Policy | undefined,
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
  }: PresetOptions,
  inner: Policy,
): Preset {
  const shared = { onEvent, clock, random }
  const parts: PresetParts = {
    retry: retryOptions === false ? undefined : retry({ shouldRetry, ...shared, ...retryOptions }),
    rateLimit:
      rateLimitOptions === false ? undefined : rateLimit({ ...shared, ...rateLimitOptions }),
    circuitBreaker:
      breakerOptions === false ? undefined : circuitBreaker({ ...shared, ...breakerOptions }),
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
  return { ...compose(...policies.filter((policy) => policy !== undefined)), ...parts }
}

/**
 * What `createFetch` puts around fetch, for anything else that talks to a server:
 * total deadline → retry (budget) → rate limit (cooldown) → circuit breaker → attempt timeout.
 */
export function preset(options: PresetOptions = {}): Preset {
  const { totalTimeoutMs = 120_000, attemptTimeoutMs = 60_000, network, clock } = options
  return assemble(
    deadline(totalTimeoutMs, { clock }),
    options,
    network?.timeout(attemptTimeoutMs) ?? timeout(attemptTimeoutMs, { clock }),
  )
}
