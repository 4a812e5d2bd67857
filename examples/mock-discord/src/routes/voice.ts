import type { APIUser, APIVoiceState } from 'discord-api-types/v10'
import type { Guild } from '../store/guild.ts'
import { enterVoice, hasRoom, leaveVoice } from '../store/voice-states.ts'
import { ApiError, refused, unknown } from './api-error.ts'
import { Form } from './form.ts'
import { guildOf, json, noContent, type Route, type RouteContext } from './route.ts'

const regions = ['us-east', 'us-central', 'us-west', 'rotterdam', 'singapore', 'sydney'].map(
  (id, index) => ({ id, name: id, optimal: index === 0, deprecated: false, custom: false }),
)

/** Puts a user into a voice channel, moves them to another, or takes them out with `null`. */
function join({ store, body }: RouteContext, guild: Guild, user: APIUser): void {
  const form = new Form(body())
  const channelId = form.snowflake('channel_id')
  form.check()
  if (channelId === undefined) {
    leaveVoice(store, guild, user)
    return
  }
  const channel = store.channels.get(channelId)
  if (!channel) throw unknown.channel()
  if (channel.type !== 2) throw refused.systemAction()
  if (!hasRoom(guild, channel, user)) throw new ApiError(403, 50013, 'Missing Permissions')
  enterVoice(store, guild, user, channelId, {
    selfDeaf: body().self_deaf === true,
    selfMute: body().self_mute === true,
  })
}

/** Moves a member who is in a voice channel, as `PATCH …/members/:user` does. */
export function moveMember(context: RouteContext, guild: Guild, user: APIUser): void {
  if (!guild.voice.has(user.id)) throw refused.notInVoice()
  join(context, guild, user)
}

function stateOf(context: RouteContext, userId: string): APIVoiceState {
  const state = guildOf(context).voice.get(userId)
  if (!state) throw unknown.voiceState()
  return state
}

const states = '/guilds/:guild/voice-states'

/** The part of voice that is REST: regions, and who is where. */
export const voiceRoutes: readonly Route[] = [
  { method: 'GET', path: '/voice/regions', service: 'voice', handle: () => json(regions) },
  {
    method: 'GET',
    path: '/guilds/:guild/regions',
    service: 'voice',
    handle(context) {
      guildOf(context)
      return json(regions)
    },
  },
  {
    method: 'GET',
    path: `${states}/@me`,
    service: 'voice',
    priority: 'critical',
    handle: (context) => json(stateOf(context, context.viewer.id)),
  },
  {
    method: 'GET',
    path: `${states}/:user`,
    service: 'voice',
    priority: 'critical',
    handle: (context) => json(stateOf(context, context.params.user ?? '')),
  },
  {
    method: 'PATCH',
    path: `${states}/@me`,
    service: 'voice',
    priority: 'critical',
    handle(context) {
      join(context, guildOf(context), context.viewer)
      return noContent
    },
  },
]
