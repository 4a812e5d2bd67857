import type { CircuitBreakerOptions } from '@evenkeel/circuit-breaker'
import type { AbortSource, Clock, Policy, Random } from '@evenkeel/core'
import type { NetworkMonitor } from '@evenkeel/core/network'
import type { RateLimitOptions } from '@evenkeel/rate-limit'
import type { RetryOptions } from '@evenkeel/retry'
import type { CallOptions } from './call.ts'
import type { FetchEvent } from './events.ts'
import type { IdempotencyOptions } from './idempotency.ts'

/** What the policies of {@link preset} can be told. */
export interface PresetOptions {
  /**
   * Milliseconds for a whole call, every attempt and wait included.
   * @defaultValue 120_000: as long as people wait at most
   */
  readonly totalTimeoutMs?: number | undefined
  /**
   * Milliseconds for one attempt, its body included, unless you read the body as a stream.
   * @defaultValue 60_000: longer than an overloaded server's queue; a shorter one turns its work into waste
   */
  readonly attemptTimeoutMs?: number | undefined
  /**
   * What is known of the network, so that attempts have more time where it is slow, and what learns from them:
   * `networkMonitor()` of @evenkeel/core/network. @defaultValue none
   */
  readonly network?: Pick<NetworkMonitor, 'timeout'> | undefined
  /** `false` sends every request once. */
  readonly retry?: RetryOptions | false | undefined
  /** A policy inside of retry and before all that waits, for `fleetHint()` and `steering()` of @evenkeel/rate-limit. @defaultValue none */
  readonly admission?: Policy | undefined
  /** A policy inside of retry, for `bulkhead()` of @evenkeel/bulkhead. @defaultValue none */
  readonly bulkhead?: Policy | undefined
  /** A policy between retry and rate limit, for `hedge()` of @evenkeel/retry. @defaultValue none */
  readonly hedge?: Policy | undefined
  /** `false` ignores what servers say of their limits. */
  readonly rateLimit?: RateLimitOptions | false | undefined
  /** `false` asks a dead server every time. */
  readonly circuitBreaker?: CircuitBreakerOptions | false | undefined
  /** Hears what the policies do. */
  readonly onEvent?: ((event: FetchEvent) => void) | undefined
  /** @defaultValue `systemClock`, and `timeoutClock` for limits */
  readonly clock?: Clock | undefined
  /** @defaultValue `Math.random` */
  readonly random?: Random | undefined
}

/** What `createFetch` can be told. */
export interface FetchOptions extends PresetOptions {
  /** What sends a request. @defaultValue the platform's `fetch`, looked up at each call */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** The failure domain of a request, which shares breaker, budget and cooldown. @defaultValue its origin */
  readonly key?: ((request: RequestFacts) => string) | undefined
  /** What a rate limit is counted by, within the key. @defaultValue the key */
  readonly route?: ((request: RequestFacts) => string) | undefined
  /** Milliseconds after which a call rejects with `SOFT_TIMEOUT` while its request goes on. @defaultValue none */
  readonly softTimeoutMs?: number | undefined
  /**
   * Statuses that mean "come again", to be retried where that is safe. If they are yours, no answer can add to them;
   * else any from 500 up that says `X-Should-Retry: true` does.
   * @defaultValue 408 (not in browsers, which do it themselves), 425, 429, 500, 502, 503, 504
   */
  readonly transientStatuses?: readonly number[] | undefined
  /**
   * Statuses by which this API promises that it has done nothing, so that even a POST may be sent
   * again.
   * @defaultValue 425 (RFC 8470 §5.2); the presets of APIs that promise it add 429
   */
  readonly refusalStatuses?: readonly number[] | undefined
  /** Whether an answer with another status is a refusal for rate, as GitHub's 403 can be. @defaultValue never */
  readonly isRateRefusal?: ((response: Response) => boolean) | undefined
  /** How idempotency keys are made; without `auto` only calls that ask for one have it. */
  readonly idempotency?: (IdempotencyOptions & { readonly auto?: boolean | undefined }) | undefined
  /**
   * Parses the body of a 429 that may have a `retry_after` in it, and leaves it readable; `peekJson` does.
   * @defaultValue none: few APIs put it there
   */
  readonly readRetryAfterBody?: ((response: Response) => Promise<unknown>) | undefined
  /**
   * The header that carries the number of the attempt from the second on, so that a server can see, count and limit retries.
   * @defaultValue `'X-Attempt'`, but none where there is a page or a worker of one: a header of its own costs other
   * origins a preflight
   */
  readonly attemptHeader?: string | false | undefined
  /** Ends every call when it aborts, bodies that are being read included. @defaultValue none */
  readonly signal?: AbortSignal | AbortSource | undefined
  /** What calls are by default. */
  readonly call?: Omit<CallOptions, 'idempotencyKey' | 'tag'> | undefined
}

/** A request as `key` and `route` see it. */
export interface RequestFacts {
  readonly method: string
  /** As it was given: absolute, or relative to the page. */
  readonly url: string
  readonly origin: string
}
