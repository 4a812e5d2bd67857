import type { APIUser } from 'discord-api-types/v10'
import type { Guild } from './guild.ts'
import type { Channel } from './guild-payload.ts'
import type { Store } from './store.ts'
import type { StoreEvent } from './store-event.ts'
import type { StoredMessage } from './stored-message.ts'

/** Says who can see what happens in a channel. */
function audienceOf(store: Store, channelId: string) {
  const channel = store.channels.get(channelId)
  const guildId = channel && 'guild_id' in channel ? channel.guild_id : undefined
  return guildId === undefined ? { userIds: store.usersOfDm(channelId) } : { guildId }
}

/** Tells of something in a channel; `guild_id` is added where there is one. */
export function announceInChannel(
  store: Store,
  t: string,
  channelId: string,
  d: object,
  more: Pick<StoreEvent, 'actorId' | 'number'> = {},
): void {
  const audience = audienceOf(store, channelId)
  const { guildId } = audience
  store.publish({ t, d: { ...d, ...(guildId && { guild_id: guildId }) }, ...audience, ...more })
}

/** Tells of a new or changed message, whole, with its author's membership beside it. */
export function announceMessage(
  store: Store,
  t: 'MESSAGE_CREATE' | 'MESSAGE_UPDATE',
  message: StoredMessage,
  number?: number,
): void {
  const { author, message_reference: reference, webhook_id: webhook } = message.data
  const referenced =
    reference?.channel_id && reference.message_id
      ? store.messages(reference.channel_id).get(reference.message_id)
      : undefined
  const member = webhook === undefined ? memberBeside(store, message.channelId, author) : undefined
  const channelType = store.channels.get(message.channelId)?.type
  const d = {
    ...message.view(undefined, referenced),
    channel_type: channelType,
    ...(member && { member }),
  }
  announceInChannel(store, t, message.channelId, d, { actorId: author.id, number })
}

/** A member as it stands beside a user, which is not repeated. */
export function memberBeside(store: Store, channelId: string, user: APIUser): object | undefined {
  const guild = store.guilds.get(audienceOf(store, channelId).guildId ?? '')
  if (!guild) return undefined
  const { user: _, ...member } = guild.member(user)
  return member
}

/** Tells of a reaction, or of one that is taken back. */
export function announceReaction(
  store: Store,
  t: 'MESSAGE_REACTION_ADD' | 'MESSAGE_REACTION_REMOVE',
  message: StoredMessage,
  emoji: string,
  userId: string,
): void {
  const { guildId } = audienceOf(store, message.channelId)
  const user = store.users.get(userId)
  const member = t === 'MESSAGE_REACTION_ADD' && user && store.guilds.get(guildId ?? '')
  announceInChannel(
    store,
    t,
    message.channelId,
    {
      user_id: userId,
      channel_id: message.channelId,
      message_id: message.id,
      emoji: emojiOf(emoji),
      burst: false,
      type: 0,
      ...(member && { member: member.member(user), message_author_id: message.data.author.id }),
    },
    { actorId: userId },
  )
}

/** An emoji as it stands in a path, taken apart. */
export function emojiOf(emoji: string): { readonly id: string | null; readonly name: string } {
  const [name = emoji, id = null] = emoji.split(':')
  return { id, name }
}

/** Tells of a channel that came, changed or went; those between users are nobody's news. */
export function announceChannel(
  store: Store,
  t: 'CHANNEL_CREATE' | 'CHANNEL_UPDATE' | 'CHANNEL_DELETE',
  channel: Channel,
): void {
  if (channel.type === 1) return
  store.publish({ t, d: channel, guildId: channel.guild_id })
}

/** Tells of a member that came or changed. */
export function announceMember(
  store: Store,
  t: 'GUILD_MEMBER_ADD' | 'GUILD_MEMBER_UPDATE',
  guild: Guild,
  user: APIUser,
): void {
  const d = { ...guild.member(user), guild_id: guild.data.id }
  store.publish({ t, d, guildId: guild.data.id, actorId: user.id })
}
