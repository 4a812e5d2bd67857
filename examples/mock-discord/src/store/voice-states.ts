import { randomBytes } from 'node:crypto'
import type { APIUser, APIVoiceState } from 'discord-api-types/v10'
import type { Guild } from './guild.ts'
import type { Channel } from './guild-payload.ts'
import type { Store } from './store.ts'

/** Where a user wants to be, and how. */
export interface VoiceWish {
  readonly selfDeaf: boolean
  readonly selfMute: boolean
  /** Of the Gateway session that asks; the one there was stays otherwise. */
  readonly sessionId?: string | undefined
}

/** Tells whether a voice channel has a place left for a user. */
export function hasRoom(guild: Guild, channel: Channel, user: APIUser): boolean {
  if (channel.type !== 2) return false
  const present = [...guild.voice.values()].filter(
    (state) => state.channel_id === channel.id && state.user_id !== user.id,
  )
  return !channel.user_limit || present.length < channel.user_limit
}

/** Puts a user into a voice channel, and tells everybody; tells the user which server to speak to. */
export function enterVoice(
  store: Store,
  guild: Guild,
  user: APIUser,
  channelId: string,
  { selfDeaf, selfMute, sessionId }: VoiceWish,
): APIVoiceState {
  const before = guild.voice.get(user.id)
  const state: APIVoiceState = {
    guild_id: guild.data.id,
    channel_id: channelId,
    user_id: user.id,
    session_id: sessionId ?? before?.session_id ?? randomBytes(16).toString('hex'),
    deaf: false,
    mute: false,
    self_deaf: selfDeaf,
    self_mute: selfMute,
    self_video: false,
    suppress: false,
    request_to_speak_timestamp: null,
  }
  guild.voice.set(user.id, state)
  announceVoice(store, guild, user, state)
  if (before?.channel_id !== channelId) {
    store.publish({
      t: 'VOICE_SERVER_UPDATE',
      d: {
        token: randomBytes(8).toString('hex'),
        guild_id: guild.data.id,
        endpoint: store.voiceEndpoint,
      },
      guildId: guild.data.id,
      userIds: [user.id],
    })
  }
  return state
}

/** Takes a user out of the guild's voice channels, if in one. */
export function leaveVoice(store: Store, guild: Guild, user: APIUser): void {
  const before = guild.voice.get(user.id)
  if (!before) return
  guild.voice.delete(user.id)
  announceVoice(store, guild, user, { ...before, channel_id: null })
}

function announceVoice(store: Store, guild: Guild, user: APIUser, state: APIVoiceState): void {
  store.publish({
    t: 'VOICE_STATE_UPDATE',
    d: { ...state, member: guild.member(user) },
    guildId: guild.data.id,
    actorId: user.id,
  })
}
