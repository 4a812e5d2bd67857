import { type OutboxEntry, readEntry } from './entry.ts'
import type { OutboxCounts, StoreFact } from './events.ts'
import type { OutboxStore, StoreChange } from './store.ts'

/** What waits, as this outbox last saw it, over the store that has the last word. */
export interface Backlog<T> {
  /** By id, in order. */
  readonly entries: Map<string, OutboxEntry<T>>
  /** The highest id seen. */
  lastId: string
  /** What this page is at, storing or sending it: nothing else happens to it meanwhile. */
  readonly busy: Set<string>
  /** What was sent or given up here, and the store has perhaps not forgotten yet. */
  readonly settled: Set<string>
  /** What could not be read, by id. */
  readonly aside: Set<string>
  counts(): OutboxCounts
  /** Whether somebody else may have changed the store. */
  isStale(): boolean
  /** The store may have changed. */
  doubt(): void
  /** Sees what the store has, unless it is known. @throws what the store throws */
  fresh(): Promise<void>
  /**
   * Puts an entry in the place of its last revision and takes others out, in the store and here; false, and nothing done, when
   * the store has something else than thought. @throws what the store throws
   */
  commit(after: OutboxEntry<T> | undefined, gone?: readonly OutboxEntry<T>[]): Promise<boolean>
  /** Makes the next revision of an entry; gives it, unless the store has something else than thought. @throws what the store throws */
  change(
    entry: OutboxEntry<T>,
    changes: Partial<OutboxEntry<T>>,
  ): Promise<OutboxEntry<T> | undefined>
  /** Takes out of the store, as soon as that can be, what was sent or given up and is not shown any more. */
  settle(id: string): Promise<unknown>
  /** Takes a stored value out, whatever it is. @throws what the store throws */
  forget(id: string): Promise<unknown>
  /** Shows an entry that is not settled, or nothing in its place, without asking the store. */
  show(id: string, after?: OutboxEntry<T>): void
  /** Leaves a stored value alone, and tells of it once. */
  putAside(fact: Omit<StoreFact & { type: 'setAside' }, 'type'>): void
}

/** `report` hears what is set aside, `trouble` of a store that forgets nothing. */
export function openBacklog<T>(
  store: OutboxStore,
  report: (fact: StoreFact) => void,
  trouble: (error: unknown) => void,
): Backlog<T> {
  let changes = 1
  let seen = 0
  let reading: Promise<void> | undefined

  async function write(wanted: StoreChange[]): Promise<boolean> {
    let isDone = false
    try {
      isDone = await store.write(wanted)
    } finally {
      if (!isDone) changes++
    }
    return isDone
  }

  async function read(): Promise<void> {
    const upTo = changes
    const rows = await store.read()
    // What is on its way there has its place in the order, too.
    const arriving = [...backlog.entries].filter(
      ([id, { revision }]) => revision === 1 && backlog.busy.has(id),
    )
    const seenNow = [...arriving, ...rows].sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
    backlog.entries.clear()
    for (const [id, value] of seenNow) {
      const entry = readEntry(id, value)
      if (typeof entry === 'string') backlog.putAside({ id, value, reason: entry })
      else backlog.show(id, entry as OutboxEntry<T>)
    }
    seen = upTo
    await Promise.all(rows.map(([id]) => backlog.settled.has(id) && backlog.settle(id)))
  }

  const backlog: Backlog<T> = {
    entries: new Map(),
    lastId: '',
    busy: new Set(),
    settled: new Set(),
    aside: new Set(),
    counts() {
      let [sending, bytes] = [0, 0]
      for (const entry of backlog.entries.values()) {
        bytes += entry.bytes
        if (entry.leaseUntilMs !== undefined) sending++
      }
      const waiting = backlog.entries.size - sending
      return { waiting, sending, bytes, setAside: backlog.aside.size }
    },
    isStale: () => seen < changes,
    doubt() {
      changes++
    },
    async fresh() {
      if (seen >= changes) return
      reading ??= read().finally(() => {
        reading = undefined
      })
      await reading
    },
    async commit(after, gone = []) {
      const wanted: StoreChange[] = gone.map(({ id, revision }) => ({
        id,
        revision,
        entry: undefined,
      }))
      if (after) wanted.push({ id: after.id, revision: after.revision - 1, entry: after })
      const isDone = await write(wanted)
      if (isDone) for (const { id, entry } of wanted) backlog.show(id, entry as typeof after)
      return isDone
    },
    async change(entry, changed) {
      const after = { ...entry, ...changed, revision: entry.revision + 1 }
      return (await backlog.commit(after)) ? after : undefined
    },
    settle(id) {
      backlog.settled.add(id)
      return backlog.forget(id).then(() => backlog.settled.delete(id), trouble)
    },
    forget: (id) => write([{ id, revision: undefined, entry: undefined }]),
    show(id, after) {
      if (id > backlog.lastId) backlog.lastId = id
      if (after && !backlog.settled.has(id)) backlog.entries.set(id, after)
      else backlog.entries.delete(id)
    },
    putAside(fact) {
      if (backlog.aside.has(fact.id)) return
      backlog.aside.add(fact.id)
      report({ type: 'setAside', ...fact })
    },
  }
  return backlog
}
