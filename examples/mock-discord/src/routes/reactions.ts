import type { OutgoingReply } from '../machinery.ts'
import { announceInChannel, announceReaction, emojiOf as takenApart } from '../store/announce.ts'
import { compareIds } from '../store/snowflakes.ts'
import { refused, unknown } from './api-error.ts'
import { Form } from './form.ts'
import { json, messageOf, noContent, type Route, type RouteContext } from './route.ts'

const all = '/channels/:channel/messages/:message/reactions'
const maxReactions = 20

/** A custom emoji as `name:id`, or a real emoji: words and digits are none. */
const emojiPattern =
  /^(\w{2,32}:\d{15,20}|(?=.*(\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3))\S{1,32})$/u

function emojiOf({ params: { emoji = '' } }: RouteContext): string {
  if (!emojiPattern.test(emoji)) throw unknown.emoji()
  return emoji
}

function add(context: RouteContext): OutgoingReply {
  const emoji = emojiOf(context)
  const { store, viewer } = context
  const message = messageOf(context)
  const { reactions } = message
  if (reactions.size >= maxReactions && !reactions.has(emoji)) throw refused.tooManyReactions()
  if (reactions.add(emoji, viewer.id)) {
    announceReaction(store, 'MESSAGE_REACTION_ADD', message, emoji, viewer.id)
  }
  return noContent
}

function remove(context: RouteContext, user: string): OutgoingReply {
  const message = messageOf(context)
  const emoji = emojiOf(context)
  if (message.reactions.remove(emoji, user)) {
    announceReaction(context.store, 'MESSAGE_REACTION_REMOVE', message, emoji, user)
  }
  return noContent
}

function list(context: RouteContext): OutgoingReply {
  const { store, query } = context
  const form = new Form(query)
  const limit = form.integer('limit', 1, 100) ?? 25
  const after = form.snowflake('after') ?? '0'
  form.check()
  const users = messageOf(context)
    .reactions.users(emojiOf(context))
    .filter((id) => compareIds(id, after) > 0)
    .sort(compareIds)
  return json(users.slice(0, limit).flatMap((id) => store.users.get(id) ?? []))
}

const route = (
  method: Route['method'],
  path: string,
  handle: Route['handle'],
  priority: Route['priority'] = 'deferred',
): Route => ({ method, path, service: 'messages', priority, handle })

/** Reactions to a message. */
export const reactionRoutes: readonly Route[] = [
  route('PUT', `${all}/:emoji/@me`, add),
  route('DELETE', `${all}/:emoji/@me`, (context) => remove(context, context.viewer.id)),
  route('DELETE', `${all}/:emoji/:user`, (context) => remove(context, context.params.user ?? '')),
  route('GET', `${all}/:emoji`, list),
  route('DELETE', `${all}/:emoji`, (context) => {
    const { id, channelId, reactions } = messageOf(context)
    const emoji = emojiOf(context)
    reactions.clear(emoji)
    announceInChannel(context.store, 'MESSAGE_REACTION_REMOVE_EMOJI', channelId, {
      channel_id: channelId,
      message_id: id,
      emoji: takenApart(emoji),
    })
    return noContent
  }),
  route('DELETE', all, (context) => {
    const { id, channelId, reactions } = messageOf(context)
    reactions.clear()
    announceInChannel(context.store, 'MESSAGE_REACTION_REMOVE_ALL', channelId, {
      channel_id: channelId,
      message_id: id,
    })
    return noContent
  }),
]
