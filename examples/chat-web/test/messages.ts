import type { Channel, Message, User } from '../src/chat/model.ts'

export const ada: User = { id: '1', name: 'Ada' }
export const kim: User = { id: '2', name: 'Kim' }

export const general: Channel = { id: '10', name: 'general', topic: '', lastMessageId: '100' }
export const deck: Channel = { id: '11', name: 'deck', topic: '', lastMessageId: undefined }

/** A message of Kim's in general, unless said otherwise. */
export function message(id: string, given: Partial<Message> = {}): Message {
  return {
    id,
    channelId: general.id,
    author: kim,
    content: `message ${id}`,
    sentAtMs: Number(id),
    isEdited: false,
    attachments: [],
    reactions: [],
    nonce: undefined,
    ...given,
  }
}
