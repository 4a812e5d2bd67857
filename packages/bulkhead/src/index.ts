export { type AimdOptions, aimd } from './aimd.ts'
export { bulkhead } from './bulkhead.ts'
export type { Bulkhead, BulkheadOptions, BulkheadState } from './bulkhead-options.ts'
export {
  type CallOutcome,
  Compartment,
  type CompartmentRules,
  type Verdict,
  type WaitingCall,
} from './compartment.ts'
export type { AdaptiveLimitOptions, ConcurrencyLimit, LimitFactory } from './concurrency-limit.ts'
export type {
  BulkheadEvent,
  Dequeued,
  LimitChanged,
  Queued,
  QueuedCallFacts,
  Shed,
} from './events.ts'
export { type GradientOptions, gradient } from './gradient.ts'
export type { NoRoomCode } from './no-room-code.ts'
export type { CallFailure } from './outcome-of.ts'
export type { InLine } from './waiting-line.ts'
