import type { Channel, User } from '../chat/model.ts'
import type { KeyValueStorage } from './read-markers.ts'

/** What somebody knew when they last came in: enough to come in again while there is no network. */
export interface LastStay {
  readonly me: User
  readonly channels: readonly Channel[]
  /** Of the gateway. */
  readonly url: string
}

const keyOf = (name: string): string => `evenkeel chat stay ${name}`

/** Reads it; nothing of what is malformed. */
export function loadLastStay(storage: KeyValueStorage, name: string): LastStay | undefined {
  try {
    const stay: Partial<LastStay> = JSON.parse(storage.getItem(keyOf(name)) ?? '{}')
    const isWhole = stay.me?.id !== undefined && Array.isArray(stay.channels) && stay.url
    return isWhole ? (stay as LastStay) : undefined
  } catch {
    return undefined
  }
}

/** Remembers it; a storage that is full or forbidden forgets. */
export function saveLastStay(storage: KeyValueStorage, name: string, stay: LastStay): void {
  try {
    storage.setItem(keyOf(name), JSON.stringify(stay))
  } catch {}
}
