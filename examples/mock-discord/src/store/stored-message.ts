import type { APIMessage, APIReaction } from 'discord-api-types/v10'
import { Reactions } from './reactions.ts'

/** A message, and what changes around it. */
export class StoredMessage {
  readonly id: string
  readonly channelId: string
  readonly reactions = new Reactions()
  data: APIMessage

  constructor(data: APIMessage) {
    this.id = data.id
    this.channelId = data.channel_id
    this.data = data
  }

  /** As one user sees it: with `me` in the reactions, and the message it answers as it is now. */
  view(user: string | undefined, referenced?: StoredMessage | undefined): APIMessage {
    const reactions: APIReaction[] = this.reactions.view(user)
    return {
      ...this.data,
      ...(reactions.length > 0 && { reactions }),
      ...(this.data.type === 19 && { referenced_message: referenced?.data ?? null }),
    }
  }
}
