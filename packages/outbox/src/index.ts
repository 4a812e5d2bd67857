export { dropOldest, type Overflow, type Overflowing } from './drop-oldest.ts'
export type { EntryWait, OutboxEntry, Unreadable } from './entry.ts'
export type {
  EntryFact,
  FailReason,
  OutboxCounts,
  OutboxEvent,
  StoreFact,
} from './events.ts'
export type {
  EnqueueOptions,
  OutboxOptions,
  Rejection,
  Resolution,
  Send,
  SendContext,
} from './options.ts'
export { createOutbox, type Outbox } from './outbox.ts'
export {
  type PageChannel,
  type PageLocks,
  type PageOptions,
  type PageTurn,
  pageTurn,
} from './page-turn.ts'
export { payloadBytes } from './payload-bytes.ts'
export type { ReplayOptions } from './ramp.ts'
export type { OutboxSignal, OutboxSignals } from './signals.ts'
export type { OutboxStore, StoreChange, StoreMember, StoreNote, StoreTurn } from './store.ts'
