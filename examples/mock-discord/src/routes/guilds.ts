import type { APIUser } from 'discord-api-types/v10'
import { announceChannel, announceMember } from '../store/announce.ts'
import { compareIds } from '../store/snowflakes.ts'
import { unknown } from './api-error.ts'
import { Form } from './form.ts'
import { guildOf, json, type Route, type RouteContext } from './route.ts'
import { moveMember } from './voice.ts'

function memberOf({ store, params }: RouteContext): APIUser {
  const user = store.users.get(params.user ?? '')
  if (!user) throw unknown.member()
  return user
}

function listMembers(context: RouteContext) {
  const guild = guildOf(context)
  const form = new Form(context.query)
  const limit = form.integer('limit', 1, 1_000) ?? 1
  const after = form.snowflake('after') ?? '0'
  form.check()
  const users = [...context.store.users.all()]
    .filter(({ id }) => compareIds(id, after) > 0)
    .sort((a, b) => compareIds(a.id, b.id))
  return json(users.slice(0, limit).map((user) => guild.member(user)))
}

function createChannel(context: RouteContext) {
  const { store, body } = context
  const guild = guildOf(context)
  const form = new Form(body())
  const name = form.string('name', { required: true, min: 1, max: 100 }) ?? ''
  const type = form.integer('type', 0, 2) ?? 0
  if (type === 1) form.fail('type', 'BASE_TYPE_CHOICES', 'Value must be one of (0, 2).')
  const userLimit = form.integer('user_limit', 0, 99) ?? 0
  form.check()
  const channel =
    type === 2
      ? store.addVoiceChannel(guild.data.id, name, { userLimit })
      : store.addTextChannel(guild.data.id, name)
  announceChannel(store, 'CHANNEL_CREATE', channel)
  return json(channel, 201)
}

function updateMember(context: RouteContext, user: APIUser) {
  const guild = guildOf(context)
  const fields = context.body()
  const form = new Form(fields)
  const nick = form.string('nick', { max: 32 })
  form.check()
  if ('channel_id' in fields) moveMember(context, guild, user)
  if ('nick' in fields) {
    guild.update(user, { nick: nick ?? null })
    announceMember(context.store, 'GUILD_MEMBER_UPDATE', guild, user)
  }
  return json(guild.member(user))
}

const one = '/guilds/:guild'

/** Guilds, their channels and their members. */
export const guildRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: one,
    service: 'users',
    handle: (context) => json(guildOf(context).data),
  },
  {
    method: 'GET',
    path: `${one}/channels`,
    service: 'users',
    handle: (context) => json(context.store.channelsOf(guildOf(context).data.id)),
  },
  { method: 'POST', path: `${one}/channels`, service: 'messages', handle: createChannel },
  {
    method: 'GET',
    path: `${one}/roles`,
    service: 'users',
    handle: (context) => json(guildOf(context).data.roles),
  },
  { method: 'GET', path: `${one}/members`, service: 'users', handle: listMembers },
  {
    method: 'PATCH',
    path: `${one}/members/@me`,
    service: 'users',
    handle: (context) => updateMember(context, context.viewer),
  },
  {
    method: 'GET',
    path: `${one}/members/:user`,
    service: 'users',
    handle: (context) => json(guildOf(context).member(memberOf(context))),
  },
  {
    method: 'PATCH',
    path: `${one}/members/:user`,
    service: 'users',
    handle: (context) => updateMember(context, memberOf(context)),
  },
]
