import { compareIds } from './ids.ts'
import type { Message, Reaction } from './model.ts'

/** The messages of a channel, as far as they are here. */
export interface Timeline {
  /** Of its history; what arrives is shown all the same. */
  readonly status: 'unloaded' | 'loading' | 'loaded' | 'failed'
  /** By age, the oldest first. */
  readonly messages: readonly Message[]
  /** Why the history could not be loaded. */
  readonly because: string | undefined
}

export const emptyTimeline: Timeline = { status: 'unloaded', messages: [], because: undefined }

/** The messages with one more; one that is there stays as it is. */
export function withMessage(messages: readonly Message[], message: Message): readonly Message[] {
  let at = messages.length
  while (at > 0 && compareIds((messages[at - 1] as Message).id, message.id) >= 0) at--
  if (messages[at]?.id === message.id) return messages
  return messages.toSpliced(at, 0, message)
}

/** The messages with an unbroken piece of history, in any order; what it should contain and does not was deleted. */
export function withHistory(
  messages: readonly Message[],
  history: readonly Message[],
): readonly Message[] {
  const piece = history.toSorted((a, b) => compareIds(a.id, b.id))
  const [first] = piece
  const last = piece.at(-1)
  if (!first || !last) return messages
  return [
    ...messages.filter(({ id }) => compareIds(id, first.id) < 0),
    ...piece,
    ...messages.filter(({ id }) => compareIds(id, last.id) > 0),
  ]
}

/** The messages with one of them changed. */
export function withChange(
  messages: readonly Message[],
  id: string,
  change: (message: Message) => Message,
): readonly Message[] {
  return messages.map((message) => (message.id === id ? change(message) : message))
}

/** Reactions after one was added or taken back; a user's own counts once, however often it is told. */
export function withReaction(
  reactions: readonly Reaction[],
  emoji: string,
  isAdded: boolean,
  isMine: boolean,
): readonly Reaction[] {
  const known = reactions.find((reaction) => reaction.emoji === emoji)
  if (isMine && (known?.isMine ?? false) === isAdded) return reactions
  const count = (known?.count ?? 0) + (isAdded ? 1 : -1)
  const changed = { emoji, count, isMine: isMine ? isAdded : (known?.isMine ?? false) }
  if (!known) return isAdded ? [...reactions, changed] : reactions
  return reactions.flatMap((reaction) => (reaction !== known ? reaction : count > 0 ? changed : []))
}
