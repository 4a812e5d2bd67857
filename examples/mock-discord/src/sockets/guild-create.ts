import type { Guild } from '../store/guild.ts'
import { timestampOf } from '../store/snowflakes.ts'
import type { Store } from '../store/store.ts'
import type { SessionIdentity } from './audience.ts'
import { intentBits } from './intents.ts'
import type { Presences } from './presences.ts'

/** Discord sends no more members than this with a guild. */
const largeThreshold = 250

/**
 * A guild as a session first hears of it. Without the intent of presences its members are the bot and those in
 * voice channels, as Discord's page on Guild Create says.
 */
export function guildCreate(
  store: Store,
  presences: Presences,
  guild: Guild,
  { userId, intents }: SessionIdentity,
): object {
  const memberIds = new Set([userId, ...guild.voice.keys()])
  const seesPresences = (intents & intentBits.presences) !== 0
  if (seesPresences) {
    for (const { id } of store.users.all()) {
      if (memberIds.size >= largeThreshold) break
      memberIds.add(id)
    }
  }
  const users = [...memberIds].flatMap((id) => store.users.get(id) ?? [])
  const online = seesPresences ? users.filter(({ id }) => presences.isOnline(id)) : []
  return {
    ...guild.data,
    joined_at: new Date(timestampOf(userId)).toISOString(),
    large: store.users.size > largeThreshold,
    unavailable: false,
    member_count: store.users.size,
    members: users.map((user) => guild.member(user)),
    channels: store.channelsOf(guild.data.id),
    voice_states: [...guild.voice.values()].map(({ guild_id: _, ...state }) => state),
    presences: online.map(({ id }) => presences.payload(id)),
    threads: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  }
}
