import type { GatewayDispatchPayload } from 'discord-api-types/v10'
import type { ChatEvent } from '../chat/event.ts'
import type { User } from '../chat/model.ts'
import { messageOf, userOf } from './wire.ts'

/** What the server asks of all its clients, if a dispatch says so. */
export function hintOf({ t, d }: { readonly t: string; readonly d: unknown }): string | undefined {
  const { fleet_hint: hint } = Object(t === 'FLEET_HINT' ? d : undefined)
  return typeof hint === 'string' ? hint : undefined
}

/** What a dispatch of the gateway means to the chat, if anything. */
export function chatEventOf(
  { t, d }: GatewayDispatchPayload,
  me: User | undefined,
  nowMs: number,
): ChatEvent | undefined {
  switch (t) {
    case 'MESSAGE_CREATE':
      return { type: 'messageArrived', message: messageOf(d) }
    case 'MESSAGE_UPDATE':
      return { type: 'messageEdited', message: messageOf(d) }
    case 'MESSAGE_DELETE':
      return { type: 'messageDeleted', channelId: d.channel_id, messageId: d.id }
    case 'MESSAGE_REACTION_ADD':
    case 'MESSAGE_REACTION_REMOVE':
      return {
        type: 'reactionChanged',
        channelId: d.channel_id,
        messageId: d.message_id,
        emoji: d.emoji.name ?? '',
        isAdded: t === 'MESSAGE_REACTION_ADD',
        isMine: d.user_id === me?.id,
      }
    case 'TYPING_START': {
      const { member, channel_id: channelId } = d
      if (!member?.user || member.user.id === me?.id) return undefined
      return { type: 'typingStarted', channelId, user: userOf(member.user), nowMs }
    }
  }
  return undefined
}
