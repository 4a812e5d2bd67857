import {
  IDBDatabase as FakeDatabase,
  IDBObjectStore as FakeTable,
  IDBFactory,
} from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { OutboxEntry, StoreMember } from '../src/index.ts'
import { indexedDbStore } from '../src/indexed-db.ts'
import { storeConformance } from '../src/testing/index.ts'
import { drop, entry, put } from '../src/testing/sample-changes.ts'

let names = 0
const alone = { locks: false, channel: false } as const
const freshStore = (name = `box ${++names}`) => indexedDbStore(name, alone)

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
})

/** Hears what a store tells its outbox. */
function member() {
  const lost: { code: string; held: string[] }[] = []
  const heard: StoreMember = {
    turned() {},
    noted() {},
    lost: (cause, held) =>
      lost.push({ code: (cause as { code: string }).code, held: held.map(([id]) => id) }),
  }
  return { heard, lost }
}

describe('an IndexedDB store', () => {
  const checks = storeConformance(() => {
    const name = `box ${++names}`
    return { open: () => freshStore(name) }
  })
  for (const { name, run } of checks) it(name, run)

  it('asks for durability', async () => {
    const asked = vi.spyOn(FakeDatabase.prototype, 'transaction')
    const store = freshStore()
    await store.write([put('a')])
    expect(asked.mock.calls.at(-1)?.[2]).toEqual({ durability: 'strict' })
    asked.mockRestore()
    await store.close()
  })

  it('is one for all who give its name, and another for each name', async () => {
    const [a, b, other] = [freshStore('shared'), freshStore('shared'), freshStore('other')]
    await a.write([put('x')])
    expect(await b.read()).toEqual([['x', entry('x')]])
    expect(await b.write([put('x')])).toBe(false)
    expect(await other.read()).toEqual([])
    for (const store of [a, b, other]) await store.close()
  })

  it('says that there is no room, and keeps what it has', async () => {
    const store = freshStore()
    const { heard, lost } = member()
    store.join?.(heard)
    await store.write([put('a')])
    const full = vi.spyOn(FakeTable.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    await expect(store.write([put('b')])).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
    full.mockRestore()
    expect((await store.read()).map(([id]) => id)).toEqual(['a'])
    expect(lost).toEqual([])
    await store.close()
  })

  it('opens a connection that is lost again, once, and nobody notices', async () => {
    const store = freshStore()
    const { heard, lost } = member()
    store.join?.(heard)
    await store.write([put('a')])
    const { transaction } = FakeDatabase.prototype
    const broken = vi.spyOn(FakeDatabase.prototype, 'transaction').mockImplementationOnce(() => {
      throw new DOMException('Connection to Indexed Database server lost', 'UnknownError')
    })
    expect(await store.write([put('b')])).toBe(true)
    expect(FakeDatabase.prototype.transaction).not.toBe(transaction)
    broken.mockRestore()
    expect((await store.read()).map(([id]) => id)).toEqual(['a', 'b'])
    expect(lost).toEqual([])
    await store.close()
  })

  it('goes on in memory when it is lost for good, and holds back what has no key', async () => {
    const store = freshStore()
    const { heard, lost } = member()
    store.join?.(heard)
    await store.write([put('keyed'), put('unkeyed', 0, { idempotencyKey: undefined })])
    await store.read()
    const broken = vi.spyOn(FakeDatabase.prototype, 'transaction').mockImplementation(() => {
      throw new DOMException('Connection to Indexed Database server lost', 'UnknownError')
    })
    expect(await store.write([put('new')])).toBe(true)
    expect(lost).toEqual([{ code: 'STORE_LOST', held: ['unkeyed'] }])
    expect((await store.read()).map(([id]) => id)).toEqual(['keyed', 'new'])
    expect(await store.write([drop('keyed', 1)])).toBe(true)
    broken.mockRestore()
    // It does not come back in the middle of a page: what is in it belongs to the next.
    expect((await store.read()).map(([id]) => id)).toEqual(['new'])
    await store.close()
  })

  it('goes on in memory where there is no IndexedDB', async () => {
    vi.spyOn(globalThis.indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('denied', 'InvalidStateError')
    })
    const store = freshStore()
    const { heard, lost } = member()
    store.join?.(heard)
    expect(await store.write([put('a')])).toBe(true)
    expect(lost).toEqual([{ code: 'STORE_LOST', held: [] }])
    expect((await store.read()).map(([id]) => id)).toEqual(['a'])
    await store.close()
  })

  it('leaves a database of a later version alone, and says so', async () => {
    const later = indexedDB.open('evenkeel outbox later', 9)
    await new Promise((resolve) => {
      later.onupgradeneeded = () => later.result.createObjectStore('whatever').put(1, 'kept')
      later.onsuccess = resolve
    })
    later.result.close()
    const store = freshStore('later')
    const { heard, lost } = member()
    store.join?.(heard)
    expect(await store.read()).toEqual([])
    expect(lost).toEqual([{ code: 'STORE_VERSION', held: [] }])
    await store.close()
    const again = indexedDB.open('evenkeel outbox later')
    await new Promise((resolve) => {
      again.onsuccess = resolve
    })
    expect(again.result.version).toBe(9)
    again.result.close()
  })

  it('lets go for a page with a later version', async () => {
    const store = freshStore('old')
    await store.write([put('a')])
    const later = indexedDB.open('evenkeel outbox old', 2)
    await new Promise((resolve) => {
      later.onsuccess = resolve
    })
    expect(later.result.version).toBe(2)
    later.result.close()
    await store.close()
  })

  it('gives a value that is no entry as it is', async () => {
    const store = freshStore('odd')
    await store.read()
    const opened = indexedDB.open('evenkeel outbox odd', 1)
    await new Promise((resolve) => {
      opened.onsuccess = resolve
    })
    const transaction = opened.result.transaction('entries', 'readwrite')
    transaction.objectStore('entries').put('not an entry', 'odd')
    await new Promise((resolve) => {
      transaction.oncomplete = resolve
    })
    opened.result.close()
    expect(await store.read()).toEqual([['odd', 'not an entry']])
    expect(await store.write([put('odd')])).toBe(false)
    expect(await store.write([drop('odd')])).toBe(true)
    await store.close()
  })

  it('refuses what cannot be cloned, and works on', async () => {
    const store = freshStore()
    const payload = () => {}
    await expect(
      store.write([{ id: 'a', revision: 0, entry: { ...entry('a'), payload } as OutboxEntry }]),
    ).rejects.toMatchObject({ name: 'DataCloneError' })
    expect(await store.read()).toEqual([])
    await store.close()
  })

  it('refuses what the engine does not store, such as a Blob in some WebKits, and works on', async () => {
    const store = freshStore()
    const { heard, lost } = member()
    store.join?.(heard)
    await store.write([put('a')])
    const picky = vi.spyOn(FakeTable.prototype, 'put').mockImplementation(() => {
      throw new DOMException('Error preparing Blob/File data', 'UnknownError')
    })
    await expect(store.write([put('b')])).rejects.toMatchObject({ name: 'UnknownError' })
    expect((await store.read()).map(([id]) => id)).toEqual(['a'])
    picky.mockRestore()
    expect(await store.write([put('c')])).toBe(true)
    expect(lost).toEqual([])
    await store.close()
  })

  it('refuses what comes after close', async () => {
    const store = freshStore()
    await store.close()
    await expect(store.read()).rejects.toMatchObject({ code: 'STORE_CLOSED' })
  })
})
