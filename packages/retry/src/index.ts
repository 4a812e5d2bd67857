export type { Backoff, BackoffInput, BackoffOptions } from './backoff.ts'
export type { RetryBudget } from './budget.ts'
export { constant } from './constant.ts'
export { earn, spend } from './cost-weighted.ts'
export { type CostWeightedBudgetOptions, costWeightedBudget } from './cost-weighted-budget.ts'
export {
  type Decision,
  decide,
  type FailedAttempt,
  type GiveUpReason,
  type RetryRules,
} from './decide.ts'
export { decorrelatedJitter } from './decorrelated-jitter.ts'
export { equalJitter } from './equal-jitter.ts'
export type { BudgetExhausted, CallFacts, GaveUp, RetryEvent, RetryScheduled } from './events.ts'
export { fullJitter } from './full-jitter.ts'
export { type RetryOptions, retry } from './retry.ts'
export { type SpreadOptions, table } from './table.ts'
