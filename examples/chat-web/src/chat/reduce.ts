import type { ChatEvent } from './event.ts'
import { latestId } from './ids.ts'
import type { Channel, Message } from './model.ts'
import { withoutNonces, withStatus } from './outgoing.ts'
import { isSeen, withLook, withRead } from './read.ts'
import { type ChatState, initialChat } from './state.ts'
import {
  emptyTimeline,
  type Timeline,
  withChange,
  withHistory,
  withMessage,
  withReaction,
} from './timeline.ts'
import { typingMs, withoutTypist, withTypist } from './typing.ts'

/** The chat after something happened; nothing but this changes it. */
export function reduceChat(state: ChatState, event: ChatEvent): ChatState {
  switch (event.type) {
    case 'signedIn':
      return {
        ...cleared(state),
        me: event.me,
        channels: event.channels,
        // Who comes for the first time has nothing to catch up with.
        read: { ...lastOf(event.channels), ...event.read },
      }
    case 'signedOut':
      return cleared(state)
    case 'channelsLoaded':
      return { ...state, channels: event.channels.map((channel) => withKnown(state, channel)) }
    case 'channelOpened':
      return withLook({ ...state, activeId: event.channelId, newAfterId: undefined })
    case 'attention':
      return withLook({ ...state, isAttentive: event.isAttentive })
    case 'networkChanged':
      return { ...state, isOnline: event.isOnline }
    case 'storageLost':
      return { ...state, isKept: false }
    case 'historyRequested':
      return changed(state, event.channelId, { status: 'loading', because: undefined })
    case 'historyFailed':
      return changed(state, event.channelId, { status: 'failed', because: event.because })
    case 'historyLoaded':
      return loaded(state, event.channelId, event.messages)
    case 'messageArrived':
      return arrived(state, event.message)
    case 'sendAccepted':
      return arrived(without(state, event.nonce), event.message)
    case 'messageEdited': {
      const { message } = event
      // What the gateway tells does not say which reactions are this user's.
      return rewritten(state, message.channelId, message.id, ({ reactions }) => ({
        ...message,
        reactions,
      }))
    }
    case 'messageDeleted': {
      const { messages } = timelineOf(state, event.channelId)
      const left = messages.filter(({ id }) => id !== event.messageId)
      return changed(state, event.channelId, { messages: left })
    }
    case 'reactionChanged': {
      const { emoji, isAdded, isMine } = event
      return rewritten(state, event.channelId, event.messageId, (message) => ({
        ...message,
        reactions: withReaction(message.reactions, emoji, isAdded, isMine),
      }))
    }
    case 'typingStarted': {
      const { channelId, user, nowMs } = event
      const typist = { channelId, user, untilMs: nowMs + typingMs }
      return { ...state, typists: withTypist(state.typists, typist, nowMs) }
    }
    case 'sendRequested':
      // Who answers has seen what was new.
      return {
        ...state,
        newAfterId: undefined,
        outgoing: [
          ...withoutNonces(state.outgoing, new Set([event.outgoing.nonce])),
          event.outgoing,
        ],
      }
    case 'sendProgressed':
      return { ...state, outgoing: withStatus(state.outgoing, event.nonce, event.status) }
    case 'sendDiscarded':
      return without(state, event.nonce)
  }
}

/** Nobody is in; what is true of the page stays so. */
const cleared = ({ isAttentive, isOnline }: ChatState): ChatState => ({
  ...initialChat,
  isAttentive,
  isOnline,
})

const timelineOf = ({ timelines }: ChatState, channelId: string): Timeline =>
  timelines[channelId] ?? emptyTimeline

function changed(state: ChatState, channelId: string, change: Partial<Timeline>): ChatState {
  const timeline = { ...timelineOf(state, channelId), ...change }
  return { ...state, timelines: { ...state.timelines, [channelId]: timeline } }
}

function rewritten(
  state: ChatState,
  channelId: string,
  messageId: string,
  change: (message: Message) => Message,
): ChatState {
  const { messages } = timelineOf(state, channelId)
  return changed(state, channelId, { messages: withChange(messages, messageId, change) })
}

const without = (state: ChatState, nonce: string): ChatState => ({
  ...state,
  outgoing: withoutNonces(state.outgoing, new Set([nonce])),
})

function arrived(state: ChatState, message: Message): ChatState {
  const { channelId, author } = message
  const { messages } = timelineOf(state, channelId)
  const isMine = author.id === state.me?.id
  const next = changed(
    {
      ...state,
      channels: withLatest(state.channels, channelId, message.id),
      typists: withoutTypist(state.typists, channelId, author.id),
      // Its own answer may be lost: the message itself says that it is there.
      outgoing: isMine ? withoutNonces(state.outgoing, new Set([message.nonce])) : state.outgoing,
    },
    channelId,
    { messages: withMessage(messages, message) },
  )
  return isMine || isSeen(next, channelId) ? withRead(next, channelId) : next
}

function loaded(state: ChatState, channelId: string, history: readonly Message[]): ChatState {
  const mine = history.filter(({ author }) => author.id === state.me?.id)
  const messages = withHistory(timelineOf(state, channelId).messages, history)
  const next = changed(
    {
      ...state,
      channels: withLatest(state.channels, channelId, messages.at(-1)?.id),
      outgoing: withoutNonces(state.outgoing, new Set(mine.map(({ nonce }) => nonce))),
    },
    channelId,
    { status: 'loaded', because: undefined, messages },
  )
  return isSeen(next, channelId) ? withRead(next, channelId) : next
}

function withLatest(
  channels: readonly Channel[],
  channelId: string,
  messageId: string | undefined,
): readonly Channel[] {
  return channels.map((channel) =>
    channel.id === channelId
      ? { ...channel, lastMessageId: latestId(channel.lastMessageId, messageId) }
      : channel,
  )
}

/** What is told of a channel may be older than what has arrived. */
function withKnown({ channels }: ChatState, channel: Channel): Channel {
  const known = channels.find(({ id }) => id === channel.id)?.lastMessageId
  return { ...channel, lastMessageId: latestId(known, channel.lastMessageId) }
}

function lastOf(channels: readonly Channel[]): Record<string, string> {
  return Object.fromEntries(channels.map(({ id, lastMessageId }) => [id, lastMessageId ?? '0']))
}
