export { anyOf } from './any-of.ts'
export {
  type CallOutcome,
  type Circuit,
  type CircuitRules,
  type CircuitState,
  circuitRules,
  newCircuit,
} from './circuit.ts'
export {
  type CircuitBreaker,
  type CircuitBreakerOptions,
  circuitBreaker,
} from './circuit-breaker.ts'
export type { CircuitOptions } from './circuit-options.ts'
export type { CallFailure } from './classify.ts'
export { type ConsecutiveFailuresOptions, consecutiveFailures } from './consecutive-failures.ts'
export type { BreakerEvent } from './events.ts'
export { failureRate } from './failure-rate.ts'
export type { RateOptions } from './rate-trip.ts'
export { type CircuitPeers, sharedCircuits } from './shared-circuits.ts'
export { type SlowCallRateOptions, slowCallRate } from './slow-call-rate.ts'
export {
  type BreakerSnapshot,
  type CircuitSnapshot,
  exportCircuits,
  restoreCircuits,
} from './snapshot.ts'
export type { Trip, TripMemory } from './trip.ts'
