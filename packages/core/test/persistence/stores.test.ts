import { afterEach, describe, expect, it, vi } from 'vitest'
import { memoryStore, type StoreFailed, webStore } from '../../src/persistence/index.ts'

describe('memoryStore', () => {
  it('keeps texts by name', () => {
    const store = memoryStore()
    store.set('a', 'one')
    store.set('__proto__', 'two')
    expect([store.get('a'), store.get('__proto__'), store.get('b')]).toEqual([
      'one',
      'two',
      undefined,
    ])
    store.delete('a')
    store.delete('a')
    expect(store.get('a')).toBeUndefined()
  })

  it('drops the oldest texts when it is full', () => {
    const store = memoryStore({ maxLength: 20 })
    store.set('a', '123456789')
    store.set('b', '123456789')
    store.set('a', '12345678')
    store.set('c', '1')
    expect(['a', 'b', 'c'].map(store.get)).toEqual(['12345678', undefined, '1'])
    store.set('d', '12345678901234567890')
    expect(['a', 'b', 'c', 'd'].map(store.get)).toEqual(Array(4).fill(undefined))
  })

  it('names a bad option', () => {
    expect(() => memoryStore({ maxLength: -1 })).toThrow(
      'memoryStore: maxLength must be a number ≥ 0, got -1',
    )
  })
})

/** Web Storage as far as it is used, that can be full or forbidden. */
function fakeStorage() {
  const texts = new Map<string, string>()
  const storage = {
    error: undefined as Error | undefined,
    getItem(name: string) {
      if (storage.error) throw storage.error
      return texts.get(name) ?? null
    },
    setItem(name: string, text: string) {
      if (storage.error) throw storage.error
      texts.set(name, text)
    },
    removeItem(name: string) {
      if (storage.error) throw storage.error
      texts.delete(name)
    },
  }
  return storage
}

describe('webStore', () => {
  afterEach(() => vi.unstubAllGlobals())

  function world(area?: 'local' | 'session') {
    const storage = fakeStorage()
    vi.stubGlobal(`${area ?? 'local'}Storage`, storage)
    const events: StoreFailed[] = []
    return { storage, events, store: webStore({ area, onEvent: (event) => events.push(event) }) }
  }

  it.each(['local', 'session'] as const)('keeps texts in the %s storage', (area) => {
    const { store, events, storage } = world(area)
    store.set('a', 'one')
    expect([store.get('a'), storage.getItem('a'), store.get('b')]).toEqual(['one', 'one', null])
    store.delete('a')
    expect(store.get('a')).toBeNull()
    expect(events).toEqual([])
  })

  it('keeps in memory what the storage has no room for, and says so once', () => {
    const { store, events, storage } = world()
    store.set('a', 'old')
    storage.error = new DOMException('full', 'QuotaExceededError')
    store.set('a', 'new')
    store.set('a', 'newer')
    expect(events).toEqual([{ type: 'storeFailed', error: storage.error }])
    expect(store.get('a')).toBe('newer')
  })

  it('goes back to the storage when that has room again', () => {
    const { store, events, storage } = world()
    storage.error = new DOMException('full', 'QuotaExceededError')
    store.set('a', 'in memory')
    storage.error = undefined
    store.set('a', 'in storage')
    expect([store.get('a'), storage.getItem('a')]).toEqual(['in storage', 'in storage'])
    storage.error = new Error('forbidden')
    expect(store.get('a')).toBeUndefined()
    store.delete('a')
    expect(events).toHaveLength(2)
  })

  it('lives without a storage, and where even a look at it throws', () => {
    vi.stubGlobal('localStorage', undefined)
    const events: StoreFailed[] = []
    const store = webStore({ onEvent: (event) => events.push(event) })
    store.set('a', 'one')
    expect(store.get('a')).toBe('one')
    expect(events).toEqual([{ type: 'storeFailed', error: undefined }])

    const original = Object.getOwnPropertyDescriptor(globalThis, 'sessionStorage')
    const error = new DOMException('not allowed', 'SecurityError')
    Object.defineProperty(globalThis, 'sessionStorage', {
      configurable: true,
      get() {
        throw error
      },
    })
    const forbidden = webStore({ area: 'session', onEvent: (event) => events.push(event) })
    forbidden.set('a', 'one')
    expect(forbidden.get('a')).toBe('one')
    expect(events[1]).toEqual({ type: 'storeFailed', error })
    Reflect.deleteProperty(globalThis, 'sessionStorage')
    if (original) Object.defineProperty(globalThis, 'sessionStorage', original)
  })
})
