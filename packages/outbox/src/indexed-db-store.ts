import { EvenkeelError } from '@evenkeel/core'
import { browserSignals } from '@evenkeel/core/network'
import { type IDBPDatabase, openDB } from 'idb'
import type { OutboxEntry } from './entry.ts'
import { memoryStore, StoredEntries } from './memory-store.ts'
import { type PageOptions, type PageTurn, pageTurn } from './page-turn.ts'
import type { OutboxStore, StoreChange, StoreMember } from './store.ts'

/** What {@link indexedDbStore} can be told. */
export interface IndexedDbStoreOptions extends PageOptions {}

const table = 'entries'
const version = 1

type Operation<V> = (database: IDBPDatabase) => Promise<V>

const nameOf = (error: unknown): string | undefined => (error as Error | undefined)?.name

/** What no other connection would do any better. */
function refusal(cause: unknown): EvenkeelError | undefined {
  return nameOf(cause) === 'QuotaExceededError'
    ? new EvenkeelError('QUOTA_EXCEEDED', 'IndexedDB has no room', { cause })
    : undefined
}

class IndexedDbStore implements OutboxStore {
  readonly signals = browserSignals()
  readonly #name: string
  readonly #options: IndexedDbStoreOptions
  #opening: Promise<IDBPDatabase> | undefined
  #member: StoreMember | undefined
  #turn: PageTurn | undefined
  /** What the database had when last seen: what is left when it is lost. */
  readonly #seen = new StoredEntries()
  #memory: OutboxStore | undefined
  #isClosed = false
  #last: Promise<unknown> = Promise.resolve()

  constructor(name: string, options: IndexedDbStoreOptions) {
    this.#name = name
    this.#options = options
  }

  join(member: StoreMember): PageTurn {
    this.#member = member
    this.#turn = pageTurn(this.#name, member, this.#options)
    return this.#turn
  }

  read(): Promise<(readonly [id: string, value: unknown])[]> {
    return this.#inOrder(
      async (database) => {
        const { store, done } = database.transaction(table)
        const [keys, values] = await Promise.all([store.getAllKeys(), store.getAll()])
        await done
        const rows = keys.map((key, index) => [String(key), values[index]] as const)
        this.#seen.clear()
        for (const [id, value] of rows) this.#seen.set(id, value)
        return rows
      },
      (memory) => memory.read() as Promise<(readonly [string, unknown])[]>,
    )
  }

  write(changes: readonly StoreChange[]): Promise<boolean> {
    return this.#inOrder(
      async (database) => {
        const isDone = await writeTo(database, changes)
        if (isDone) this.#seen.change(changes.map((change) => ({ ...change, revision: undefined })))
        return isDone
      },
      (memory) => memory.write(changes),
      true,
    )
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#turn?.leave()
    await this.#last
    const database = await this.#opening?.catch(() => undefined)
    database?.close()
  }

  /** One after another, so that an operation that is tried again keeps its place. */
  #inOrder<V>(
    operate: Operation<V>,
    inMemory: (memory: OutboxStore) => Promise<V>,
    isWrite = false,
  ): Promise<V> {
    const answer = this.#last.then(() =>
      this.#memory ? inMemory(this.#memory) : this.#operate(operate, inMemory, isWrite),
    )
    this.#last = answer.catch(() => {})
    return answer
  }

  /**
   * Browsers lose connections that were good, after sleep or under pressure (Expensify/App#87864): it is
   * opened again once, and then given up; but not for a value that it does not take, such as a `Blob` in some WebKits, when it takes
   * others.
   */
  async #operate<V>(
    operate: Operation<V>,
    inMemory: (memory: OutboxStore) => Promise<V>,
    isWrite: boolean,
  ): Promise<V> {
    for (let isSecond = false; ; isSecond = true)
      try {
        if (this.#isClosed) throw new EvenkeelError('STORE_CLOSED', `${this.#name} is closed`)
        return await operate(await this.#open())
      } catch (error) {
        if (this.#isClosed) throw error
        const refused = refusal(error) ?? (nameOf(error) === 'DataCloneError' ? error : undefined)
        if (refused) throw refused
        this.#forget()
        const isNewer = nameOf(error) === 'VersionError'
        if (isSecond && isWrite && (await this.#takesChanges())) throw error
        if (isSecond || isNewer) return inMemory(this.#goMemoryOnly(error, isNewer))
      }
  }

  #open(): Promise<IDBPDatabase> {
    this.#opening ??= openDB(`evenkeel outbox ${this.#name}`, version, {
      upgrade: (database) => {
        database.createObjectStore(table)
      },
      // A page with a later version waits for this one to let go.
      blocking: () => this.#forget(),
      terminated: () => this.#forget(),
    })
    return this.#opening
  }

  /** Whether a change that changes nothing gets through. */
  async #takesChanges(): Promise<boolean> {
    try {
      return await writeTo(await this.#open(), [{ id: '', revision: undefined, entry: undefined }])
    } catch {
      return false
    }
  }

  #forget(): void {
    this.#opening?.then((database) => database.close()).catch(() => {})
    this.#opening = undefined
  }

  #goMemoryOnly(cause: unknown, isNewer: boolean): OutboxStore {
    const kept: OutboxEntry[] = []
    const held: (readonly [string, unknown])[] = []
    // The next page finds it in the database, and would send it again.
    for (const [id, value] of this.#seen.inOrder())
      if ((value as Partial<OutboxEntry> | null)?.idempotencyKey === undefined)
        held.push([id, value])
      else kept.push(value as OutboxEntry)
    this.#memory = memoryStore(kept)
    const [code, what] = isNewer
      ? ['STORE_VERSION', 'is of a later version']
      : ['STORE_LOST', 'does not work any more']
    const error = new EvenkeelError(code as string, `IndexedDB ${this.#name} ${what}`, { cause })
    this.#member?.lost(error, held)
    return this.#memory
  }
}

/** Makes all changes in one transaction, or none when a condition does not hold. */
async function writeTo(database: IDBPDatabase, changes: readonly StoreChange[]): Promise<boolean> {
  const { store, done } = database.transaction(table, 'readwrite', { durability: 'strict' })
  // A transaction that fails rejects twice: here, and where its requests are awaited.
  done.catch(() => {})
  const revisions = await Promise.all(
    changes.map(async ({ id, revision }) => {
      if (revision === undefined) return undefined
      const value: unknown = await store.get(id)
      return value === undefined ? 0 : ((value as Partial<OutboxEntry> | null)?.revision ?? -1)
    }),
  )
  const isAllowed = changes.every(({ revision }, index) => revision === revisions[index])
  if (isAllowed)
    await Promise.all(
      changes.map(({ id, entry }) => (entry ? store.put(entry, id) : store.delete(id))),
    )
  await done
  return isAllowed
}

/**
 * Keeps entries in IndexedDB, durably, for all pages of an origin that give the same name: one of them
 * sends, by Web Locks. When the database is lost, entries are kept in memory, and `memoryOnly` tells.
 */
export function indexedDbStore(name: string, options: IndexedDbStoreOptions = {}): OutboxStore {
  return new IndexedDbStore(name, options)
}
