import { randomBytes } from 'node:crypto'
import type { APIUser, APIWebhook } from 'discord-api-types/v10'
import { announceInChannel } from '../store/announce.ts'
import type { StoredMessage } from '../store/stored-message.ts'
import { refused, unknown } from './api-error.ts'
import { Form } from './form.ts'
import { deleteMessage, editMessage, postMessage } from './post-message.ts'
import { channelOf, json, noContent, type Route, type RouteContext, view } from './route.ts'

function createWebhook(context: RouteContext) {
  const { store, viewer, body, baseUrl } = context
  const channel = channelOf(context)
  if (channel.type === 1) throw refused.systemAction()
  const form = new Form(body())
  const name = form.string('name', { required: true, min: 1, max: 80 }) ?? ''
  form.check()
  const id = store.nextId()
  const token = randomBytes(51).toString('base64url')
  const webhook: APIWebhook = {
    id,
    type: 1,
    guild_id: channel.guild_id ?? null,
    channel_id: channel.id,
    user: viewer,
    name,
    avatar: null,
    token,
    application_id: null,
    url: `${baseUrl}/api/webhooks/${id}/${token}`,
  }
  store.webhooks.set(id, webhook)
  announceInChannel(store, 'WEBHOOKS_UPDATE', channel.id, { channel_id: channel.id })
  return json(webhook)
}

function webhookOf({ store, params }: RouteContext): APIWebhook {
  const webhook = store.webhooks.get(params.webhook ?? '')
  if (!webhook) throw unknown.webhook()
  if (params.token !== undefined && params.token !== webhook.token) {
    throw refused.invalidWebhookToken()
  }
  return webhook
}

/** Webhooks post under a name of their own, or one the body gives. */
function authorOf(context: RouteContext, { id, name }: APIWebhook): APIUser {
  const form = new Form(context.body())
  const username = form.string('username', { min: 1, max: 80 }) ?? name ?? 'webhook'
  form.check()
  return { id, username, discriminator: '0000', global_name: null, avatar: null, bot: true }
}

function execute(context: RouteContext) {
  const webhook = webhookOf(context)
  const author = authorOf(context, webhook)
  const message = postMessage(context, webhook.channel_id ?? '', author, webhook.id)
  return context.query.wait === 'true' ? json(view(context, message)) : noContent
}

function messageOfWebhook(context: RouteContext): StoredMessage {
  const webhook = webhookOf(context)
  const log = context.store.messages(webhook.channel_id ?? '')
  const message = log.get(context.params.message ?? '')
  if (message?.data.webhook_id !== webhook.id) throw unknown.message()
  return message
}

function deleteWebhook(context: RouteContext) {
  const { store } = context
  const { id, channel_id: channelId } = webhookOf(context)
  store.webhooks.delete(id)
  announceInChannel(store, 'WEBHOOKS_UPDATE', channelId ?? '', { channel_id: channelId })
  return noContent
}

/** Without what only its owner may see. */
function publicWebhook(context: RouteContext) {
  const { user: _, ...webhook } = webhookOf(context)
  return json(webhook)
}

const byId = '/webhooks/:webhook'
const byToken = `${byId}/:token`
const message = `${byToken}/messages/:message`

const route = (
  method: Route['method'],
  path: string,
  handle: Route['handle'],
  open?: true,
): Route => ({ method, path, service: 'messages', open, handle })

/** Webhooks, and the messages they post. */
export const webhookRoutes: readonly Route[] = [
  route('POST', '/channels/:channel/webhooks', createWebhook),
  route('GET', '/channels/:channel/webhooks', (context) => {
    const { id } = channelOf(context)
    const all = [...context.store.webhooks.values()]
    return json(all.filter((webhook) => webhook.channel_id === id))
  }),
  route('GET', byId, (context) => json(webhookOf(context))),
  route('DELETE', byId, deleteWebhook),
  route('GET', byToken, publicWebhook, true),
  route('DELETE', byToken, deleteWebhook, true),
  route('POST', byToken, execute, true),
  route('GET', message, (context) => json(view(context, messageOfWebhook(context))), true),
  route(
    'PATCH',
    message,
    (context) => json(view(context, editMessage(context, messageOfWebhook(context)))),
    true,
  ),
  route(
    'DELETE',
    message,
    (context) => {
      const { channelId, id } = messageOfWebhook(context)
      deleteMessage(context, channelId, id)
      return noContent
    },
    true,
  ),
]
