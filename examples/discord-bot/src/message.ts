import type { APIMessage } from 'discord-api-types/v10'

/** What the bot needs to know of a message. */
export interface Message {
  readonly id: string
  readonly channelId: string
  readonly author: string
  readonly content: string
}

/** Reads a message of a person; those of bots, this one's too, are nobody's commands. */
export function readMessage(message: APIMessage): Message | undefined {
  const { id, channel_id: channelId, author, content, webhook_id: webhookId } = message
  if (author.bot || webhookId !== undefined) return undefined
  return { id, channelId, author: author.username, content }
}
