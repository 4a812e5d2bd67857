import type { Backlog } from './backlog.ts'
import type { OutboxEntry } from './entry.ts'
import type { EntryFact } from './events.ts'
import type { Send } from './options.ts'
import type { Settings } from './settings.ts'

/** What the parts of an outbox share. */
export interface Parts<T, R> {
  readonly backlog: Backlog<T>
  readonly settings: Settings<T, R>
  readonly send: Send<T, R>
  /** Whether no other page can send at the same time. */
  isExclusive(): boolean
  /** Epoch time that never goes back. */
  epochMs(): number
  /** Tells the app and other pages what happened to an entry. */
  tell(entry: OutboxEntry<T>, fact: EntryFact<R>): void
}
