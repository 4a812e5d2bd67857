export { type AwsBudgetOptions, awsBudget, awsRefund } from './aws-budget.ts'
export type { Backoff, BackoffInput, BackoffOptions } from './backoff.ts'
export type { RetryBudget } from './budget.ts'
export { constant } from './constant.ts'
export { affordsRetry, earnTokens } from './cost-weighted.ts'
export {
  type CostWeightedBudget,
  type CostWeightedBudgetOptions,
  costWeightedBudget,
} from './cost-weighted-budget.ts'
export {
  type Decision,
  decide,
  type FailedAttempt,
  type GiveUpReason,
  type RetryRules,
} from './decide.ts'
export { decorrelatedJitter } from './decorrelated-jitter.ts'
export { equalJitter } from './equal-jitter.ts'
export type {
  BudgetExhausted,
  CallFacts,
  GaveUp,
  Hedged,
  HedgeEvent,
  RetryEvent,
  RetryScheduled,
} from './events.ts'
export { type FinagleBudgetOptions, finagleBudget } from './finagle-budget.ts'
export { fullJitter } from './full-jitter.ts'
export { type GrpcBudgetOptions, grpcBudget, grpcTokens } from './grpc-budget.ts'
export { type HedgeOptions, hedge } from './hedge.ts'
export { type Latencies, latencies, latencyQuantileMs, observeLatency } from './latencies.ts'
export { addToBucket, type LeakyBucket, leakyBucket } from './leaky-bucket.ts'
export { type Retry, type RetryOptions, retry } from './retry.ts'
export { sharedBudget } from './shared-budget.ts'
export { type SpreadOptions, table } from './table.ts'
export type { TokenBudget, TokenKeys } from './token-keys.ts'
