import type {
  APIMessage,
  APITextChannel,
  APIUser,
  GatewayMessageUpdateDispatchData,
} from 'discord-api-types/v10'
import type { Attachment, Channel, Message, User } from '../chat/model.ts'

/** The chat's words for what the API says. */
export function userOf({ id, username }: Pick<APIUser, 'id' | 'username'>): User {
  return { id, name: username }
}

export function channelOf({ id, name, topic, last_message_id }: APITextChannel): Channel {
  return { id, name, topic: topic ?? '', lastMessageId: last_message_id ?? undefined }
}

export function messageOf(message: APIMessage | GatewayMessageUpdateDispatchData): Message {
  return {
    id: message.id,
    channelId: message.channel_id,
    author: userOf(message.author),
    content: message.content,
    sentAtMs: Date.parse(message.timestamp),
    isEdited: message.edited_timestamp !== null,
    attachments: message.attachments.map(attachmentOf),
    reactions: (message.reactions ?? []).map(({ emoji, count, me }) => ({
      emoji: emoji.name ?? '',
      count,
      isMine: me,
    })),
    nonce: message.nonce === undefined ? undefined : String(message.nonce),
  }
}

function attachmentOf(attachment: APIMessage['attachments'][number]): Attachment {
  const { id, filename: name, url, size: bytes, content_type: type = '' } = attachment
  return { id, name, url, bytes, type }
}
