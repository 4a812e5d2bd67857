import { type OutboxEntry, readEntry, type Unreadable } from './entry.ts'
import type { OutboxStore, StoreChange } from './store.ts'

/** An entry before and after a change. */
type Step<T> = readonly [before: OutboxEntry<T> | undefined, after: OutboxEntry<T> | undefined]

/** What waits, as this outbox last saw it, over the store that has the last word. */
export interface Backlog<T> {
  /** By id, in order. */
  entries: Map<string, OutboxEntry<T>>
  bytes: number
  /** How many are under way. */
  sending: number
  /** The highest id seen. */
  lastId: string
  /** What this page is at, storing or sending it: nothing else happens to it meanwhile. */
  readonly busy: Set<string>
  /** What could not be read, by id. */
  readonly aside: Set<string>
  /** Whether somebody else may have changed the store. */
  isStale(): boolean
  /** Whether the store has forgotten all that was settled. */
  isSettled(): boolean
  /** The store may have changed. */
  doubt(): void
  /** Sees what the store has, unless it is known. @throws what the store throws */
  fresh(): Promise<void>
  /** Makes steps together, in the store and here; false when the store has something else than thought. @throws what the store throws */
  commit(...steps: Step<T>[]): Promise<boolean>
  /** Takes out, here at once and in the store as soon as that can, what was sent or given up. */
  settle(id: string): Promise<void>
  /** Shows an entry, or nothing in its place, without asking the store. */
  show(id: string, after: OutboxEntry<T> | undefined): void
  /** Leaves a stored value alone, and tells of it once. */
  putAside(id: string, value: unknown, reason: Unreadable | 'storeLost'): void
  /** Removes what was set aside. @throws what the store throws */
  discard(id: string): Promise<void>
}

/** What a backlog tells of its store. */
export interface BacklogListener {
  setAside(id: string, value: unknown, reason: Unreadable | 'storeLost'): void
  storeFailed(error: unknown): void
}

export function openBacklog<T>(
  store: OutboxStore,
  { setAside, storeFailed }: BacklogListener,
): Backlog<T> {
  /** What is settled here, and perhaps not yet there. */
  const settled = new Set<string>()
  let changes = 1
  let seen = 0
  let reading: Promise<void> | undefined

  async function write(wanted: StoreChange[]): Promise<boolean> {
    try {
      return await store.write(wanted)
    } catch (error) {
      changes++
      throw error
    }
  }

  const forget = (id: string): Promise<boolean> =>
    write([{ id, revision: undefined, entry: undefined }])

  async function read(): Promise<void> {
    const upTo = changes
    const rows = await store.read()
    backlog.entries = new Map()
    backlog.bytes = backlog.sending = 0
    for (const [id, value] of rows) {
      const entry = readEntry(id, value)
      if (typeof entry === 'string') backlog.putAside(id, value, entry)
      else if (!settled.has(id)) backlog.show(id, entry as OutboxEntry<T>)
    }
    seen = upTo
    await Promise.all(rows.map(([id]) => (settled.has(id) ? backlog.settle(id) : undefined)))
  }

  const backlog: Backlog<T> = {
    entries: new Map(),
    bytes: 0,
    sending: 0,
    lastId: '',
    busy: new Set(),
    aside: new Set(),
    isStale: () => seen < changes,
    isSettled: () => settled.size === 0,
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
    async commit(...steps) {
      const isDone = await write(
        steps.map(([before, after]) => ({
          id: (before ?? after)?.id as string,
          revision: before?.revision ?? 0,
          entry: after,
        })),
      )
      if (!isDone) changes++
      else for (const [before, after] of steps) backlog.show((before ?? after)?.id as string, after)
      return isDone
    },
    async settle(id) {
      backlog.show(id, undefined)
      settled.add(id)
      try {
        await forget(id)
        settled.delete(id)
      } catch (error) {
        storeFailed(error)
      }
    },
    show(id, after) {
      const { entries } = backlog
      const before = entries.get(id)
      backlog.bytes += (after?.bytes ?? 0) - (before?.bytes ?? 0)
      backlog.sending += Number(!!after?.leaseUntilMs) - Number(!!before?.leaseUntilMs)
      if (id > backlog.lastId) backlog.lastId = id
      if (after) entries.set(id, after)
      else entries.delete(id)
    },
    putAside(id, value, reason) {
      if (backlog.aside.has(id)) return
      backlog.aside.add(id)
      setAside(id, value, reason)
    },
    async discard(id) {
      await forget(id)
      backlog.aside.delete(id)
    },
  }
  return backlog
}
