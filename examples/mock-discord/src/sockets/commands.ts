import { isSnowflake } from '../store/snowflakes.ts'
import { enterVoice, hasRoom, leaveVoice } from '../store/voice-states.ts'
import type { Hub } from './hub.ts'
import { opcodes } from './opcodes.ts'
import { readPresence } from './presences.ts'
import { requestMembers } from './request-members.ts'
import type { Session } from './session.ts'

/** Does what a client asks for; `false` when that can't be read. */
export type Command = (hub: Hub, session: Session, d: unknown) => boolean

const updatePresence: Command = ({ presences }, { identity }, d) => {
  const presence = readPresence(d)
  if (presence) presences.set(identity.userId, presence)
  return presence !== undefined
}

/** A full channel, or one that is none, is answered with nothing at all. */
const updateVoice: Command = ({ store }, { id, identity }, d) => {
  if (typeof d !== 'object' || d === null) return false
  const { guild_id: guildId, channel_id: channelId, self_mute, self_deaf } = d as WireVoice
  if (!isSnowflake(guildId) || !(channelId === null || isSnowflake(channelId))) return false
  const guild = store.guilds.get(guildId)
  const user = store.users.get(identity.userId)
  if (!guild || !user) return true
  if (channelId === null) {
    leaveVoice(store, guild, user)
    return true
  }
  const channel = store.channels.get(channelId)
  if (!channel || !hasRoom(guild, channel, user)) return true
  enterVoice(store, guild, user, channelId, {
    selfDeaf: self_deaf === true,
    selfMute: self_mute === true,
    sessionId: id,
  })
  return true
}

interface WireVoice {
  readonly guild_id: unknown
  readonly channel_id: unknown
  readonly self_mute: unknown
  readonly self_deaf: unknown
}

/** By opcode, what a client may ask once it has a session. */
export const commands: Readonly<Record<number, Command>> = {
  [opcodes.presence]: updatePresence,
  [opcodes.voiceState]: updateVoice,
  [opcodes.requestMembers]: requestMembers,
}
