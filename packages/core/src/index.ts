export { isAbandoned } from './abandoned.ts'
export { type Abortable, Cancellation, onAbort, type Release, reasonOf } from './cancellation.ts'
export { checkNoOther, checkNumber } from './check.ts'
export {
  backgroundClock,
  type Clock,
  type Random,
  systemClock,
  systemRandom,
  type Timer,
  timersEndWithRequest,
} from './clock.ts'
export { compose, nest, type Pipeline } from './compose.ts'
export { type ContextChanges, cancellationOf, claimRetries, derive } from './context.ts'
export { type DeadlineOptions, deadline } from './deadline.ts'
export { type AbortSource, eitherSignal } from './either-signal.ts'
export {
  EvenkeelError,
  errorCode,
  type FailureFacts,
  type FailureInit,
  failureFacts,
  isThrottled,
  isTransient,
  quietly,
  type Reached,
  reached,
  retryAfterMs,
} from './errors.ts'
export { notify } from './events.ts'
export { GivenUp, givenUp, giveUpTurn, isRetryable, markGivenUp } from './given-up.ts'
export { KeyedState, type KeyedStateOptions } from './keyed-state.ts'
export type { CallContext, Next, Policy, Priority } from './policy.ts'
export { refusal } from './refusal.ts'
export { rejected } from './rejected.ts'
export { type RunOptions, run, runNested } from './run.ts'
export { sleep } from './sleep.ts'
export { systemTime, type TimeSource } from './time-source.ts'
export { type TimeoutOptions, timeout } from './timeout.ts'
export { timeoutClock } from './timeout-clock.ts'
export { withoutStack } from './without-stack.ts'
