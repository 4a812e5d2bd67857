import type { ReadMarkers } from '../chat/event.ts'
import type { ChatState } from '../chat/state.ts'
import type { Store } from '../store.ts'

/** What of `localStorage` is needed. */
export type KeyValueStorage = Pick<Storage, 'getItem' | 'setItem'>

const keyOf = (userId: string): string => `evenkeel chat read ${userId}`

/** Reads how far a user had read; nothing of what is malformed. */
export function loadReadMarkers(storage: KeyValueStorage, userId: string): ReadMarkers {
  try {
    const stored: unknown = JSON.parse(storage.getItem(keyOf(userId)) ?? '{}')
    if (typeof stored !== 'object' || stored === null) return {}
    return Object.fromEntries(
      Object.entries(stored).filter((entry): entry is [string, string] => /^\d+$/.test(entry[1])),
    )
  } catch {
    return {}
  }
}

/** Remembers it; a storage that is full or forbidden forgets. */
export function saveReadMarkers(storage: KeyValueStorage, userId: string, read: ReadMarkers): void {
  try {
    storage.setItem(keyOf(userId), JSON.stringify(read))
  } catch {}
}

/** Remembers how far the user has read, whenever that changes. */
export function keepReadMarkers(
  chat: Pick<Store<ChatState, never>, 'get' | 'subscribe'>,
  storage: KeyValueStorage,
): void {
  let { read: saved } = chat.get()
  chat.subscribe(() => {
    const { me, read } = chat.get()
    if (!me || read === saved) return
    saved = read
    saveReadMarkers(storage, me.id, read)
  })
}
