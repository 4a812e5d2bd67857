import type { OutboxEntry } from '../entry.ts'
import type { StoreChange } from '../store.ts'

/** An entry like any other. */
export function entry(id: string, more: Partial<OutboxEntry> = {}): OutboxEntry {
  return {
    version: 1,
    id,
    revision: 1,
    lane: 'default',
    priority: 'important',
    payload: { id },
    idempotencyKey: `key of ${id}`,
    dedupKey: undefined,
    bytes: 10,
    enqueuedAtMs: 1_000_000,
    expiresAtMs: 2_000_000,
    attempts: 0,
    firstSentAtMs: undefined,
    leaseUntilMs: undefined,
    wait: undefined,
    ...more,
  }
}

/** Stores one in the place of a revision; 0 is nothing. */
export const put = (
  id: string,
  revision: number | undefined = 0,
  more?: Partial<OutboxEntry>,
): StoreChange => ({
  id,
  revision,
  entry: entry(id, { revision: (revision ?? 0) + 1, ...more }),
})
/** Takes one out. */
export const drop = (id: string, revision?: number): StoreChange => ({
  id,
  revision,
  entry: undefined,
})
