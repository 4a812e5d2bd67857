import type { TimeSource } from '../time-source.ts'
import { type IgnoredReason, seal, unseal } from './envelope.ts'

/** What tabs say to each other; `from` is a tab. */
export type StateMessage =
  /** A tab is here, and wants to know who else is; one that has just come also wants to know what they know. */
  | { readonly type: 'hello'; readonly from: string; readonly isNew: boolean }
  | { readonly type: 'here'; readonly from: string }
  | { readonly type: 'bye'; readonly from: string }
  /** What a part of the sender's gave. */
  | {
      readonly type: 'state'
      readonly from: string
      readonly part: string
      readonly saved: unknown
    }

const version = 1

/** Writes a message: a text, so that its length can be seen before anything of it is. */
export function writeMessage(message: StateMessage, clock: TimeSource): string {
  return seal(message, version, clock)
}

/** Reads a message; says of all that is none why. */
export function readMessage(
  text: unknown,
  maxLength: number,
  clock: TimeSource,
): StateMessage | { readonly ignored: IgnoredReason } {
  const { data, ignored } = unseal(text, { version, ttlMs: Infinity, maxLength, clock })
  if (ignored) return { ignored }
  const { type, from, isNew, part, saved } = Object(data) as Record<string, unknown>
  if (typeof from === 'string' && from.length <= 64) {
    if (type === 'here' || type === 'bye') return { type, from }
    if (type === 'hello') return { type, from, isNew: isNew === true }
    if (type === 'state' && typeof part === 'string') return { type, from, part, saved }
  }
  return { ignored: 'malformed' }
}
