export { type EnvelopeRules, type IgnoredReason, seal, type Unsealed, unseal } from './envelope.ts'
export type { PagePhase } from './page-life.ts'
export { platformChannel } from './platform-channel.ts'
export type { SharedState, ShareStateOptions } from './share-options.ts'
export { shareState } from './share-state.ts'
export type { StateEvent, StateIgnored, StateRestored } from './state-events.ts'
export type { StateLocks } from './state-locks.ts'
export { remainingMs, type StatePart, type StatePeers } from './state-part.ts'
export {
  type MemoryStore,
  type MemoryStoreOptions,
  memoryStore,
  type StateStore,
} from './state-store.ts'
export type { StateChannel } from './tab-channel.ts'
export { type StoreFailed, type WebStoreOptions, webStore } from './web-store.ts'
