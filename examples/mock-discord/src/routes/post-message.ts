import type { APIMessage, APIUser } from 'discord-api-types/v10'
import { announceInChannel, announceMessage } from '../store/announce.ts'
import { StoredMessage } from '../store/stored-message.ts'
import { saveFiles } from './attachments.ts'
import { checkNotEmpty, mentionsIn, readMessage } from './message-payload.ts'
import type { RouteContext } from './route.ts'

/** Posts what the body says, or finds what the same nonce posted before. */
export function postMessage(
  context: RouteContext,
  channelId: string,
  author: APIUser,
  webhookId?: string,
): StoredMessage {
  const { store, files } = context
  const form = readMessage(context, channelId)
  checkNotEmpty(form, files.length)
  const { nonce, enforceNonce, replyTo } = form
  if (nonce !== undefined && enforceNonce) {
    const earlier = store.nonces.find(author.id, channelId, nonce)
    const message = earlier && store.messages(channelId).get(earlier)
    if (message) return message
  }
  const content = form.content?.trim() ?? ''
  const id = store.nextId()
  const data: APIMessage = {
    id,
    channel_id: channelId,
    type: replyTo ? 19 : 0,
    author,
    content,
    timestamp: new Date(store.now()).toISOString(),
    edited_timestamp: null,
    tts: form.tts,
    mention_everyone: false,
    mentions: mentionsIn(context, content),
    mention_roles: [],
    attachments: saveFiles(context, channelId),
    embeds: form.embeds,
    components: form.components,
    pinned: false,
    flags: form.flags,
    ...(nonce !== undefined && { nonce: context.body().nonce as string | number }),
    ...(webhookId !== undefined && { webhook_id: webhookId, application_id: webhookId }),
    ...(replyTo && { message_reference: reference(context, replyTo) }),
  }
  const message = new StoredMessage(data)
  store.addMessage(message)
  if (nonce !== undefined) store.nonces.remember(author.id, channelId, nonce, id)
  announceMessage(store, 'MESSAGE_CREATE', message)
  return message
}

function reference(
  { store }: RouteContext,
  { channelId, messageId }: { channelId: string; messageId: string },
): NonNullable<APIMessage['message_reference']> {
  const channel = store.channels.get(channelId)
  return {
    type: 0,
    channel_id: channelId,
    message_id: messageId,
    ...(channel && 'guild_id' in channel && channel.guild_id && { guild_id: channel.guild_id }),
  }
}

/** Changes what the body names of a message, and nothing else. */
export function editMessage(context: RouteContext, message: StoredMessage): StoredMessage {
  const { store, files } = context
  const fields = context.body()
  const form = readMessage(context, message.channelId)
  const kept = keptAttachments(message, fields.attachments, files.length > 0)
  const content = 'content' in fields ? (form.content ?? '').trim() : message.data.content
  const embeds = 'embeds' in fields ? form.embeds : message.data.embeds
  const components = 'components' in fields ? form.components : (message.data.components ?? [])
  checkNotEmpty({ ...form, content, embeds, components }, kept.length + files.length)
  for (const { id, url } of message.data.attachments) {
    if (!kept.some((file) => file.id === id)) store.files.delete(new URL(url).pathname)
  }
  message.data = {
    ...message.data,
    content,
    embeds,
    components,
    mentions: mentionsIn(context, content),
    attachments: [...kept, ...saveFiles(context, message.channelId)],
    edited_timestamp: new Date(store.now()).toISOString(),
    ...('flags' in fields && { flags: form.flags }),
  }
  announceMessage(store, 'MESSAGE_UPDATE', message)
  return message
}

/** Removes a message and its files. */
export function deleteMessage({ store }: RouteContext, channelId: string, id: string): void {
  if (!store.removeMessage(channelId, id)) return
  announceInChannel(store, 'MESSAGE_DELETE', channelId, { id, channel_id: channelId })
}

/** Only the attachments a client lists stay; all stay when it lists none. */
function keptAttachments(
  { data: { attachments } }: StoredMessage,
  listed: unknown,
  uploads: boolean,
): APIMessage['attachments'] {
  if (!Array.isArray(listed)) return uploads || listed === undefined ? attachments : []
  const ids = new Set(listed.map((each) => String((each as { id?: unknown } | null)?.id)))
  return attachments.filter(({ id }) => ids.has(id))
}
