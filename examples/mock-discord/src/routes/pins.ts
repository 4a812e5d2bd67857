import { announceInChannel, announceMessage } from '../store/announce.ts'
import type { StoredMessage } from '../store/stored-message.ts'
import { refused } from './api-error.ts'
import {
  channelOf,
  json,
  messageOf,
  noContent,
  type Route,
  type RouteContext,
  view,
} from './route.ts'

const maxPins = 50

function pinned(context: RouteContext): StoredMessage[] {
  const log = context.store.messages(channelOf(context).id)
  return log.all().filter(({ data }) => data.pinned)
}

function setPinned(context: RouteContext, isPinned: boolean) {
  const message = messageOf(context)
  if (isPinned && !message.data.pinned && pinned(context).length >= maxPins) {
    throw refused.tooManyPins()
  }
  message.data = { ...message.data, pinned: isPinned }
  const { store } = context
  announceMessage(store, 'MESSAGE_UPDATE', message)
  announceInChannel(store, 'CHANNEL_PINS_UPDATE', message.channelId, {
    channel_id: message.channelId,
    last_pin_timestamp: pinned(context).at(-1)?.data.timestamp ?? null,
  })
  return noContent
}

const at = (path: string): Route[] => [
  {
    method: 'PUT',
    path: `${path}/:message`,
    service: 'messages',
    handle: (context) => setPinned(context, true),
  },
  {
    method: 'DELETE',
    path: `${path}/:message`,
    service: 'messages',
    handle: (context) => setPinned(context, false),
  },
]

/** Both the routes of before and after Discord moved pins under messages in 2025. */
export const pinRoutes: readonly Route[] = [
  ...at('/channels/:channel/pins'),
  ...at('/channels/:channel/messages/pins'),
  {
    method: 'GET',
    path: '/channels/:channel/pins',
    service: 'messages',
    handle: (context) => json(pinned(context).map((message) => view(context, message))),
  },
  {
    method: 'GET',
    path: '/channels/:channel/messages/pins',
    service: 'messages',
    handle: (context) =>
      json({
        items: pinned(context).map((message) => ({
          pinned_at: message.data.timestamp,
          message: view(context, message),
        })),
        has_more: false,
      }),
  },
]
