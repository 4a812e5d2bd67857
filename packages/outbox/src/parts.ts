import type { Backlog } from './backlog.ts'
import type { EntryWait, OutboxEntry } from './entry.ts'
import type { EntryFact, StoreFact } from './events.ts'
import type { Send } from './options.ts'
import type { Settings } from './settings.ts'

/** How the server was when last heard of. */
interface Weather {
  /** The wait after the last failure, whose entry may be gone. */
  lastWait?: EntryWait
  /** When a send last succeeded. */
  succeededMs: number
  /** Waits of one's own choice from before this are over. */
  clearedMs: number
}

/** What the parts of an outbox share: its options, and what they work on. */
export interface Parts<T, R> extends Settings<T, R> {
  readonly backlog: Backlog<T>
  readonly weather: Weather
  readonly send: Send<T, R>
  /** Aborts when the outbox is closed. */
  readonly signal: AbortSignal
  /** Whether no other page can send at the same time. */
  isExclusive(): boolean
  /** Epoch time that never goes back. */
  epochMs(): number
  /** Tells the app and other pages what happened to an entry. */
  tell(entry: OutboxEntry<T>, fact: EntryFact<R>): void
  /** Tells the app what happened to the store. */
  report(fact: StoreFact): void
}
