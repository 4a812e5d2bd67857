import { checkNumber } from '../check.ts'

/** Where state outlives a page: texts by name. It may answer at once or later, and may fail. */
export interface StateStore {
  /** The text of that name, or nothing. */
  get(name: string): string | null | undefined | PromiseLike<string | null | undefined>
  /** Keeps a text, in place of the one of that name. */
  set(name: string, text: string): void | PromiseLike<void>
  /** Forgets a text. */
  delete(name: string): void | PromiseLike<void>
}

/** What {@link memoryStore} can be told. */
export interface MemoryStoreOptions {
  /** How many characters to hold at most, names included; the oldest texts go first. @defaultValue 1_000_000 */
  readonly maxLength?: number | undefined
}

/** A store that answers at once. */
export interface MemoryStore extends StateStore {
  /** The text of that name, or nothing. */
  get(name: string): string | undefined
  /** Keeps a text, in place of the one of that name. */
  set(name: string, text: string): void
  /** Forgets a text. */
  delete(name: string): void
}

/**
 * Keeps texts for as long as the process lives.
 *
 * @throws `RangeError` for a bad option.
 */
export function memoryStore({ maxLength = 1_000_000 }: MemoryStoreOptions = {}): MemoryStore {
  checkNumber('memoryStore', 'maxLength', maxLength, 0)
  const texts = new Map<string, string>()
  let length = 0
  function drop(name: string): void {
    const text = texts.get(name)
    if (text !== undefined) length -= name.length + text.length
    texts.delete(name)
  }
  return {
    get: (name) => texts.get(name),
    set(name, text) {
      drop(name)
      texts.set(name, text)
      length += name.length + text.length
      for (const oldest of texts.keys()) {
        if (length <= maxLength) break
        drop(oldest)
      }
    },
    delete: drop,
  }
}
