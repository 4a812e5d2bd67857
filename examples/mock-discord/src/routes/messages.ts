import { announceInChannel } from '../store/announce.ts'
import { compareIds, snowflakeAt, timestampOf } from '../store/snowflakes.ts'
import { refused } from './api-error.ts'
import { Form } from './form.ts'
import { deleteMessage, editMessage, postMessage } from './post-message.ts'
import {
  channelOf,
  json,
  messageOf,
  noContent,
  type Route,
  type RouteContext,
  view,
} from './route.ts'

const list = '/channels/:channel/messages'
const one = `${list}/:message`
const twoWeeksMs = 14 * 24 * 3_600_000

/** Discord limits the deletion of a message by its age; an unknown one counts as new. */
function deleteRule({ store, params: { channel = '', message = '' } }: RouteContext): string {
  const known = store.channels.has(channel) && store.messages(channel).get(message)
  if (!known) return 'message-delete-new'
  const ageMs = store.now() - timestampOf(message)
  if (ageMs > twoWeeksMs) return 'message-delete-old'
  return ageMs > 10_000 ? 'message-delete' : 'message-delete-new'
}

function listMessages(context: RouteContext) {
  const { store, query } = context
  const log = store.messages(channelOf(context).id)
  const form = new Form(query)
  const limit = form.integer('limit', 1, 100) ?? 50
  const before = form.snowflake('before')
  const after = form.snowflake('after')
  const around = form.snowflake('around')
  form.check()
  const found = around
    ? log.around(around, limit)
    : before
      ? log.before(before, limit)
      : after
        ? log.after(after, limit)
        : log.latest(limit)
  return json(found.map((message) => view(context, message)))
}

function bulkDelete(context: RouteContext) {
  const { store, body } = context
  const channel = channelOf(context)
  const ids = body().messages
  if (!Array.isArray(ids)) throw refused.deleteCount()
  const distinct = new Set(ids.map(String))
  if (distinct.size < 2 || distinct.size > 100) throw refused.deleteCount()
  const oldest = snowflakeAt(store.now() - twoWeeksMs)
  for (const id of distinct) if (compareIds(id, oldest) < 0) throw refused.deleteOld()
  const removed = [...distinct].filter((id) => store.removeMessage(channel.id, id))
  const d = { ids: removed, channel_id: channel.id }
  if (removed.length > 0) announceInChannel(store, 'MESSAGE_DELETE_BULK', channel.id, d)
  return noContent
}

/** Messages of a channel. */
export const messageRoutes: readonly Route[] = [
  { method: 'GET', path: list, service: 'messages', handle: listMessages },
  {
    method: 'POST',
    path: list,
    service: 'messages',
    priority: 'critical',
    handle: (context) =>
      json(view(context, postMessage(context, channelOf(context).id, context.viewer))),
  },
  {
    method: 'POST',
    path: `${list}/bulk-delete`,
    service: 'messages',
    handle: bulkDelete,
  },
  {
    method: 'GET',
    path: one,
    service: 'messages',
    handle: (context) => json(view(context, messageOf(context))),
  },
  {
    method: 'PATCH',
    path: one,
    service: 'messages',
    priority: 'critical',
    handle(context) {
      const message = messageOf(context)
      if (message.data.author.id !== context.viewer.id) throw refused.anothersMessage()
      return json(view(context, editMessage(context, message)))
    },
  },
  {
    method: 'DELETE',
    path: one,
    service: 'messages',
    rule: deleteRule,
    handle(context) {
      const { channelId, id } = messageOf(context)
      deleteMessage(context, channelId, id)
      return noContent
    },
  },
]
