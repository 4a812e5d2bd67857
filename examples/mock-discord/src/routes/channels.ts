import { announceChannel, announceInChannel, memberBeside } from '../store/announce.ts'
import { Form } from './form.ts'
import { channelOf, json, noContent, type Route, type RouteContext } from './route.ts'

function updateChannel(context: RouteContext) {
  const channel = channelOf(context)
  const form = new Form(context.body())
  const name = form.string('name', { min: 1, max: 100 })
  const topic = form.string('topic', { max: 1_024 })
  const userLimit = form.integer('user_limit', 0, 99)
  const rateLimit = form.integer('rate_limit_per_user', 0, 21_600)
  form.check()
  const { topic: newTopic } = context.body()
  Object.assign(
    channel,
    name !== undefined && { name },
    newTopic !== undefined && channel.type === 0 && { topic: topic ?? null },
    userLimit !== undefined && channel.type === 2 && { user_limit: userLimit },
    rateLimit !== undefined && channel.type !== 1 && { rate_limit_per_user: rateLimit },
  )
  announceChannel(context.store, 'CHANNEL_UPDATE', channel)
  return json(channel)
}

const one = '/channels/:channel'

/** Channels themselves, and typing in them. */
export const channelRoutes: readonly Route[] = [
  { method: 'GET', path: one, service: 'messages', handle: (context) => json(channelOf(context)) },
  { method: 'PATCH', path: one, service: 'messages', handle: updateChannel },
  {
    method: 'DELETE',
    path: one,
    service: 'messages',
    handle(context) {
      const channel = channelOf(context)
      announceChannel(context.store, 'CHANNEL_DELETE', channel)
      context.store.removeChannel(channel.id)
      return json(channel)
    },
  },
  {
    method: 'POST',
    path: `${one}/typing`,
    service: 'messages',
    priority: 'deferred',
    handle(context) {
      const { store, viewer } = context
      const { id } = channelOf(context)
      const member = memberBeside(store, id, viewer)
      const d = {
        channel_id: id,
        user_id: viewer.id,
        timestamp: Math.floor(store.now() / 1_000),
        ...(member && { member: { ...member, user: viewer } }),
      }
      announceInChannel(store, 'TYPING_START', id, d, { actorId: viewer.id })
      return noContent
    },
  },
]
