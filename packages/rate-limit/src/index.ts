export { type AdaptiveThrottleOptions, adaptiveThrottle } from './adaptive-throttle.ts'
export { Cooldown } from './cooldown.ts'
export type {
  BucketLearned,
  CooldownEnded,
  CooldownStarted,
  Limited,
  LimitedCallFacts,
  Parked,
  RateLimitEvent,
  Refused,
  Released,
} from './events.ts'
export { Gate, type GateCall, type GateRules, type Verdict } from './gate.ts'
export { bodyRetryAfter } from './headers/body-retry-after.ts'
export type { HeadersLike } from './headers/headers-like.ts'
export { httpDate } from './headers/http-date.ts'
export { problemType, type RateLimitProblem } from './headers/problem-type.ts'
export type { RateLimitQuota, RateLimitScope } from './headers/quota.ts'
export { type RateLimitDialect, rateLimitDialect } from './headers/rate-limit-dialect.ts'
export { rateLimitFields } from './headers/rate-limit-fields.ts'
export {
  type RateLimitHintOptions,
  type RateLimitHints,
  rateLimitHints,
} from './headers/rate-limit-hints.ts'
export { resetAfter } from './headers/reset-after.ts'
export { retryAfter } from './headers/retry-after.ts'
export { xRateLimit } from './headers/x-rate-limit.ts'
export { type InvalidRequestsOptions, invalidRequests } from './invalid-requests.ts'
export { type LearnedBucketsOptions, learnedBuckets } from './learned-buckets.ts'
export type {
  BucketState,
  Limit,
  LimitedCall,
  LimitFactory,
  Outcome,
  ResponseLimits,
} from './limit.ts'
export type { LimiterOptions } from './limiter.ts'
export { rateLimit } from './rate-limit.ts'
export type {
  GateState,
  LearnContext,
  RateLimit,
  RateLimitOptions,
  RateLimitState,
} from './rate-limit-options.ts'
export { type ReloadBackoffOptions, reloadBackoff } from './reload-backoff.ts'
export { sharedRateLimit } from './shared-rate-limit.ts'
export { type SlidingWindowOptions, slidingWindow } from './sliding-window.ts'
export { type TokenBucketOptions, tokenBucket } from './token-bucket.ts'
