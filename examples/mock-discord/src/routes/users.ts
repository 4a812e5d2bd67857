import type { APIUser } from 'discord-api-types/v10'
import { unknown } from './api-error.ts'
import { Form } from './form.ts'
import { json, type Route, type RouteContext } from './route.ts'

function openDm({ store, viewer, body }: RouteContext) {
  const form = new Form(body())
  const id = form.snowflake('recipient_id', true) ?? ''
  form.check()
  const recipient = store.users.get(id)
  if (!recipient) throw unknown.user()
  return json(store.openDm(viewer, recipient))
}

function rename({ store, viewer, body }: RouteContext) {
  const form = new Form(body())
  const username = form.string('username', { min: 2, max: 32 }) ?? viewer.username
  form.check()
  const user = self(store.users.add({ ...viewer, username }))
  store.publish({ t: 'USER_UPDATE', d: user, userIds: [viewer.id], actorId: viewer.id })
  return json(user)
}

const self = (user: APIUser) => ({ ...user, verified: true, mfa_enabled: false, email: null })

/** The application a bot belongs to; clients without a gateway ask for it. */
function application({ viewer }: RouteContext) {
  const { id, username: name } = viewer
  return json({
    id,
    name,
    icon: null,
    description: '',
    summary: '',
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: '0'.repeat(64),
    flags: 0,
    owner: { ...viewer, bot: false },
    team: null,
    bot: viewer,
  })
}

/** Users, and the bot that asks. */
export const userRoutes: readonly Route[] = [
  { method: 'GET', path: '/applications/@me', service: 'users', handle: application },
  { method: 'GET', path: '/oauth2/applications/@me', service: 'users', handle: application },
  {
    method: 'GET',
    path: '/users/@me',
    service: 'users',
    priority: 'critical',
    handle: ({ viewer }) => json(self(viewer)),
  },
  { method: 'PATCH', path: '/users/@me', service: 'users', handle: rename },
  {
    method: 'GET',
    path: '/users/@me/guilds',
    service: 'users',
    handle: ({ store }) =>
      json(
        [...store.guilds.values()].map(({ data: { id, name, icon, banner, features, roles } }) => {
          const permissions = roles[0]?.permissions
          return { id, name, icon, banner, owner: false, permissions, features }
        }),
      ),
  },
  { method: 'POST', path: '/users/@me/channels', service: 'users', handle: openDm },
  {
    method: 'GET',
    path: '/users/:user',
    service: 'users',
    handle({ store, params }) {
      const user = store.users.get(params.user ?? '')
      if (!user) throw unknown.user()
      return json(user)
    },
  },
]
