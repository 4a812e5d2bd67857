import { notify } from '../events.ts'
import { memoryStore, type StateStore } from './state-store.ts'

/** The platform's storage refused, so that what it was given is in memory only. */
export interface StoreFailed {
  readonly type: 'storeFailed'
  /** What it threw: for want of room, or because the user allows no storage; `undefined` where there is none. */
  readonly error: unknown
}

/** What {@link webStore} can be told. */
export interface WebStoreOptions {
  /**
   * `local` is one for all tabs and outlives the browser, `session` is one for each tab.
   * @defaultValue `'local'`: an API that was down when the tab was closed is down in the next one
   */
  readonly area?: 'local' | 'session' | undefined
  /** Told when the platform refuses, the first time in a row. */
  readonly onEvent?: ((event: StoreFailed) => void) | undefined
}

/**
 * Keeps texts in Web Storage, and in memory when that can't be had: it may be missing, forbidden by the
 * user, or full. It is looked up at each use, so making a store touches nothing.
 */
export function webStore({ area = 'local', onEvent }: WebStoreOptions = {}): StateStore {
  const memory = memoryStore()
  let hasFailed = false

  /** Uses the storage, and says whether that went well. */
  function attempt(use: (storage: Storage) => void): boolean {
    let error: unknown
    try {
      // Even to look at it may throw.
      const storage: Storage | undefined = globalThis[`${area}Storage`]
      if (storage) {
        use(storage)
        hasFailed = false
        return true
      }
    } catch (thrown) {
      error = thrown
    }
    if (!hasFailed) notify(onEvent, { type: 'storeFailed', error })
    hasFailed = true
    return false
  }

  return {
    get(name) {
      // What is in memory is what the storage would not take: newer than what it has.
      let text: string | null | undefined = memory.get(name)
      if (text === undefined)
        attempt((storage) => {
          text = storage.getItem(name)
        })
      return text
    },
    set(name, text) {
      if (attempt((storage) => storage.setItem(name, text))) memory.delete(name)
      else memory.set(name, text)
    },
    delete(name) {
      memory.delete(name)
      attempt((storage) => storage.removeItem(name))
    },
  }
}
