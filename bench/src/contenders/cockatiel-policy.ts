import {
  circuitBreaker,
  ExponentialBackoff,
  handleAll,
  type IPolicy,
  retry,
  SamplingBreaker,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel'

/** What of it a suite changes. */
export interface CockatielSetting {
  /** The part of the calls that opens the breaker; 1 never does while some succeed. */
  readonly threshold?: number
  /** `false` retries at once. */
  readonly waits?: boolean
}

/** cockatiel's nearest to evenkeel's preset, by its README. */
export function cockatielPolicy({ threshold = 0.5, waits = true }: CockatielSetting = {}): IPolicy {
  return wrap(
    retry(
      handleAll,
      waits ? { maxAttempts: 3, backoff: new ExponentialBackoff() } : { maxAttempts: 3 },
    ),
    circuitBreaker(handleAll, {
      halfOpenAfter: 10_000,
      breaker: new SamplingBreaker({ threshold, duration: 30_000 }),
    }),
    timeout(60_000, TimeoutStrategy.Aggressive),
  )
}
