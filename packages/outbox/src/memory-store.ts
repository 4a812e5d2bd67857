import type { OutboxEntry } from './entry.ts'
import type { OutboxStore, StoreChange } from './store.ts'

/** Entries by id, for stores that have them in memory: what is found there is what was last stored. */
export class StoredEntries extends Map<string, unknown> {
  /** Makes all changes, or none when a condition does not hold. */
  change(changes: readonly StoreChange[]): boolean {
    const isAllowed = changes.every(
      ({ id, revision }) =>
        revision === undefined ||
        revision === (this.has(id) ? (this.get(id) as Partial<OutboxEntry> | null)?.revision : 0),
    )
    if (isAllowed)
      for (const { id, entry } of changes)
        if (entry) this.set(id, entry)
        else this.delete(id)
    return isAllowed
  }

  /** All there is, as stores give it. */
  inOrder(): [id: string, value: unknown][] {
    return [...this].sort(([a], [b]) => (a < b ? -1 : 1))
  }
}

/** Keeps entries for as long as the page or process lives: for tests, and where losing them is no harm. */
export function memoryStore(entries: Iterable<OutboxEntry> = []): OutboxStore {
  const stored = new StoredEntries()
  for (const entry of entries) stored.set(entry.id, entry)
  return {
    read: async () => stored.inOrder(),
    write: async (changes) => stored.change(changes),
    close: async () => {},
  }
}
