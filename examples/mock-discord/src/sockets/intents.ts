/** Bits of `intents` (Discord's gateway page). */
export const intentBits = {
  guilds: 1 << 0,
  members: 1 << 1,
  webhooks: 1 << 5,
  voiceStates: 1 << 7,
  presences: 1 << 8,
  messages: 1 << 9,
  reactions: 1 << 10,
  typing: 1 << 11,
  directMessages: 1 << 12,
  directReactions: 1 << 13,
  directTyping: 1 << 14,
  messageContent: 1 << 15,
} as const

/** 0 to 16, the AutoMod pair, and the poll pair. */
export const knownIntents = 0x1ffff | (0b11 << 20) | (0b11 << 24)
const both = (inGuild: number, direct: number) => ({ inGuild, direct })
const { guilds, members, messages, reactions, typing } = intentBits
const message = both(messages, intentBits.directMessages)
const reaction = both(reactions, intentBits.directReactions)

const needed: Readonly<Record<string, { readonly inGuild: number; readonly direct: number }>> = {
  GUILD_CREATE: both(guilds, 0),
  CHANNEL_CREATE: both(guilds, 0),
  CHANNEL_UPDATE: both(guilds, 0),
  CHANNEL_DELETE: both(guilds, 0),
  CHANNEL_PINS_UPDATE: both(guilds, intentBits.directMessages),
  GUILD_MEMBER_ADD: both(members, 0),
  GUILD_MEMBER_UPDATE: both(members, 0),
  WEBHOOKS_UPDATE: both(intentBits.webhooks, 0),
  VOICE_STATE_UPDATE: both(intentBits.voiceStates, 0),
  PRESENCE_UPDATE: both(intentBits.presences, 0),
  MESSAGE_CREATE: message,
  MESSAGE_UPDATE: message,
  MESSAGE_DELETE: message,
  MESSAGE_DELETE_BULK: both(messages, 0),
  MESSAGE_REACTION_ADD: reaction,
  MESSAGE_REACTION_REMOVE: reaction,
  MESSAGE_REACTION_REMOVE_ALL: reaction,
  MESSAGE_REACTION_REMOVE_EMOJI: reaction,
  TYPING_START: both(typing, intentBits.directTyping),
}

/** Gives the bit without which a dispatch is not sent; 0 when none is needed. */
export function intentFor(t: string, inGuild: boolean): number {
  const bits = needed[t]
  if (!bits) return 0
  return inGuild ? bits.inGuild : bits.direct
}
