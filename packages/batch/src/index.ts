export { batch } from './batch.ts'
export type { BatchEvent, BatchTrigger } from './events.ts'
export type { Batch, BatchOptions, Load, LoadOptions } from './options.ts'
export { type Loaded, resultsById } from './results.ts'
export {
  type SharedCall,
  type SingleFlight,
  type SingleFlightOptions,
  singleFlight,
} from './single-flight.ts'
export {
  type AdaptiveWindowOptions,
  adaptiveWindow,
  type BatchFacts,
  type BatchWindow,
} from './window.ts'
