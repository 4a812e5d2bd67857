import { compareIds, latestId } from './ids.ts'
import type { ChatState } from './state.ts'

/** How much of a channel has not been read. */
export interface Unread {
  readonly isSome: boolean
  /** Of the messages that are here; 0 when it is not known how many. */
  readonly count: number
}

/** Whether somebody looks at a channel. */
export function isSeen(state: ChatState, channelId: string): boolean {
  return state.isAttentive && state.activeId === channelId
}

/** The state with all of a channel read. */
export function withRead(state: ChatState, channelId: string): ChatState {
  const last = state.channels.find(({ id }) => id === channelId)?.lastMessageId
  const read = latestId(state.read[channelId], last)
  return read === undefined || read === state.read[channelId]
    ? state
    : { ...state, read: { ...state.read, [channelId]: read } }
}

/** The state when somebody begins to look at the active channel: what is unread is new to them, and read. */
export function withLook(state: ChatState): ChatState {
  const { activeId } = state
  if (activeId === undefined || !state.isAttentive) return state
  const newAfterId = unreadOf(state, activeId).isSome ? state.read[activeId] : undefined
  return withRead({ ...state, newAfterId }, activeId)
}

/** Tells how much of a channel has not been read. */
export function unreadOf({ channels, timelines, read, me }: ChatState, channelId: string): Unread {
  const after = read[channelId] ?? '0'
  const last = channels.find(({ id }) => id === channelId)?.lastMessageId ?? '0'
  const messages = timelines[channelId]?.messages ?? []
  const count = messages.filter(
    ({ id, author }) => compareIds(id, after) > 0 && author.id !== me?.id,
  ).length
  return { isSome: compareIds(last, after) > 0, count }
}
