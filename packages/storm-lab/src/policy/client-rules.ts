import type { CircuitOptions } from '@evenkeel/circuit-breaker'
import type { Backoff } from '@evenkeel/retry'
import type { FleetBudgetKind } from './fleet-budget.ts'
import type { CooldownRules } from './gates.ts'

/** When a client sends a call again. */
export interface RetryRules {
  /** @defaultValue 3 */
  readonly maxRetries?: number | undefined
  /** @defaultValue `fullJitter()` of @evenkeel/retry */
  readonly backoff?: Backoff | undefined
  /** @defaultValue `costWeighted()`; `false` for none */
  readonly budget?: FleetBudgetKind | false | undefined
  /** The longest wait asked for by the server that is slept on. @defaultValue 300_000 */
  readonly maxRetryAfterMs?: number | undefined
  /** Whether what may be applied once only, and may have been, is not sent again. @defaultValue `true` */
  readonly onlyIdempotent?: boolean | undefined
  /** Whether the wait in an answer counts. @defaultValue `true` */
  readonly obeysRetryAfter?: boolean | undefined
}

/**
 * What a client does with a call, in the order of `createFetch`: total deadline, retry with its budget,
 * cooldown, circuit breaker, limit of an attempt. Left out, each part is evenkeel's own, with its defaults.
 */
export interface ClientRules {
  /** @defaultValue 120_000 */
  readonly totalTimeoutMs?: number | undefined
  /** @defaultValue 60_000 */
  readonly attemptTimeoutMs?: number | undefined
  readonly retry?: RetryRules | false | undefined
  readonly cooldown?: CooldownRules | false | undefined
  readonly circuitBreaker?: CircuitOptions | false | undefined
  /** Whether it heeds the level that a server publishes. @defaultValue `false` */
  readonly fleetHint?: boolean | undefined
  /** Whether what it remembers outlives a reload of the page. @defaultValue `false` */
  readonly survivesReload?: boolean | undefined
}
