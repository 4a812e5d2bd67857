import { describe, expect, it } from 'vitest'
import { fixedIds } from '../src/store/store.ts'
import { caller, general, messagesPath, started } from './started.ts'

const wide = { limits: { enabled: false } }
const guild = `/v10/guilds/${fixedIds.guild}`

async function bot(options = {}) {
  const mock = await started({ ...wide, ...options })
  const call = caller(mock)
  const post = async (content: string) =>
    (await call('POST', messagesPath, { content })).json.id as string
  return { mock, call, post }
}

describe('what is wrong', () => {
  it.each([
    ['GET', '/v10/channels/1', 404, 10003, 'Unknown Channel'],
    ['GET', '/v10/guilds/1', 404, 10004, 'Unknown Guild'],
    ['GET', `${guild}/members/1`, 404, 10007, 'Unknown Member'],
    ['GET', `${messagesPath}/1`, 404, 10008, 'Unknown Message'],
    ['GET', '/v10/users/1', 404, 10013, 'Unknown User'],
    ['GET', '/v10/webhooks/1', 404, 10015, 'Unknown Webhook'],
    ['GET', `${guild}/voice-states/@me`, 404, 10065, 'Unknown Voice State'],
    ['GET', '/v10/nowhere', 404, 0, '404: Not Found'],
    ['GET', '/v10/%zz', 404, 0, '404: Not Found'],
    ['POST', '/v10/%zz', 404, 0, '404: Not Found'],
    ['DELETE', '/v10/users/@me', 405, 0, '405: Method Not Allowed'],
  ])('%s %s is %i with code %i', async (method, path, status, code, message) => {
    const { call } = await bot()
    const reply = await call(method, path)
    expect([reply.status, reply.json]).toEqual([status, { message, code }])
  })

  it.each<[string, unknown, number, object]>([
    ['an empty message', { content: '  ' }, 400, { code: 50006 }],
    ['no message at all', undefined, 400, { code: 50006 }],
    ['broken JSON', '{', 400, { code: 50109 }],
    ['JSON that is no object', '[]', 400, { code: 50035 }],
    [
      'a content that is too long',
      { content: 'x'.repeat(2_001) },
      400,
      {
        code: 50035,
        message: 'Invalid Form Body',
        errors: {
          content: {
            _errors: [
              { code: 'BASE_TYPE_MAX_LENGTH', message: 'Must be 2000 or fewer in length.' },
            ],
          },
        },
      },
    ],
    [
      'an embed that is too long',
      { embeds: [{ title: 'x'.repeat(257) }] },
      400,
      { code: 50035, errors: { embeds: { 0: { title: { _errors: [{}] } } } } },
    ],
    ['an embed that is none', { embeds: ['x'] }, 400, { code: 50035 }],
    ['a nonce that is too long', { content: 'x', nonce: 'n'.repeat(26) }, 400, { code: 50035 }],
    [
      'a reply to nothing',
      { content: 'x', message_reference: { message_id: '1' } },
      400,
      {
        code: 50035,
        errors: { message_reference: { _errors: [{ code: 'REPLY_UNKNOWN_MESSAGE' }] } },
      },
    ],
  ])('%s is refused', async (_, body, status, expected) => {
    const { call, mock } = await bot()
    const reply = await call('POST', messagesPath, body)
    expect(reply.status).toBe(status)
    expect(reply.json).toMatchObject(expected)
    expect(mock.store.messages(general).size).toBe(0)
  })

  it('an id that is none is refused by its name', async () => {
    const { call } = await bot()
    const { status, json } = await call('GET', '/v10/channels/general')
    expect([status, Object.keys(json.errors)]).toEqual([400, ['channel_id']])
  })

  it('a token is refused only where tokens are set, and open routes need none', async () => {
    const { call } = await bot({ tokens: ['good'] })
    const me = async (authorization: string) =>
      (await call('GET', '/v10/users/@me', undefined, { authorization })).status
    expect([await me('Bot good'), await me('Bearer good'), await me('Bot bad')]).toEqual([
      200, 200, 401,
    ])
    const refused = await call('GET', '/v10/users/@me', undefined, { authorization: 'Bot bad' })
    expect(refused.json).toEqual({ message: '401: Unauthorized', code: 0 })
    expect((await call('GET', '/v10/gateway')).status).toBe(200)
  })
})

describe('messages', () => {
  it('are listed newest first, before, after and around one', async () => {
    const { call, post } = await bot()
    const ids: string[] = []
    for (let index = 0; index < 7; index++) ids.push(await post(String(index)))
    const list = async (query: string) =>
      (await call('GET', `${messagesPath}?${query}`)).json.map((each: { id: string }) =>
        ids.indexOf(each.id),
      )
    expect(await list('limit=3')).toEqual([6, 5, 4])
    expect(await list(`before=${ids[3]}&limit=2`)).toEqual([2, 1])
    expect(await list(`after=${ids[3]}&limit=2`)).toEqual([5, 4])
    expect(await list(`around=${ids[3]}&limit=3`)).toEqual([4, 3, 2])
    expect((await call('GET', `${messagesPath}?limit=101`)).json.code).toBe(50035)
  })

  it('are made once for a nonce that is enforced, and twice for one that is not', async () => {
    const { call, mock } = await bot()
    const send = async (body: object) =>
      (await call('POST', messagesPath, { content: 'x', ...body })).json.id
    const first = await send({ nonce: 'a', enforce_nonce: true })
    expect(await send({ nonce: 'a', enforce_nonce: true })).toBe(first)
    expect(await send({ nonce: 'a' })).not.toBe(first)
    expect(mock.store.messages(general).size).toBe(2)
  })

  it('tell who is mentioned, unless that is not allowed', async () => {
    const { call } = await bot()
    const mentions = async (body: object) => {
      const content = `hello <@${fixedIds.alice}>`
      const { json } = await call('POST', messagesPath, { content, ...body })
      return json.mentions.map((user: { username: string }) => user.username)
    }
    expect(await mentions({})).toEqual(['alice'])
    expect(await mentions({ allowed_mentions: { parse: [] } })).toEqual([])
    expect(await mentions({ allowed_mentions: { users: [fixedIds.alice] } })).toEqual(['alice'])
  })

  it('show the message they answer as it is now', async () => {
    const { call, post } = await bot()
    const id = await post('question')
    const reply = { content: 'answer', message_reference: { message_id: id } }
    const { json } = await call('POST', messagesPath, reply)
    expect(json).toMatchObject({ type: 19, referenced_message: { id, content: 'question' } })
    await call('DELETE', `${messagesPath}/${id}`)
    const later = await call('GET', `${messagesPath}/${json.id}`)
    expect(later.json.referenced_message).toBeNull()
  })

  it('change only what an edit names, and only for their author', async () => {
    const { call, post, mock } = await bot()
    const id = await post('before')
    const edited = await call('PATCH', `${messagesPath}/${id}`, { content: 'after' })
    expect(edited.json).toMatchObject({
      id,
      content: 'after',
      edited_timestamp: expect.any(String),
    })
    const kept = await call('PATCH', `${messagesPath}/${id}`, { flags: 4 })
    expect(kept.json).toMatchObject({ content: 'after', flags: 4 })
    const other = await caller(mock, 'Bot other')('PATCH', `${messagesPath}/${id}`, {
      content: 'x',
    })
    expect([other.status, other.json.code]).toEqual([403, 50005])
  })

  it('are deleted in bulk, two to a hundred, none older than two weeks', async () => {
    const { call, post, mock } = await bot()
    const ids = [await post('a'), await post('b'), await post('c')]
    const remove = (messages: unknown) => call('POST', `${messagesPath}/bulk-delete`, { messages })
    expect((await remove(ids.slice(0, 1))).json.code).toBe(50016)
    expect((await remove([ids[0], fixedIds.guild])).json.code).toBe(50034)
    expect((await remove(ids.slice(0, 2))).status).toBe(204)
    expect(
      mock.store
        .messages(general)
        .latest(10)
        .map(({ id }) => id),
    ).toEqual([ids[2]])
  })

  it('are pinned by the old routes and the new', async () => {
    const { call, post } = await bot()
    const id = await post('pin me')
    expect((await call('PUT', `/v10/channels/${general}/pins/${id}`)).status).toBe(204)
    const { json } = await call('GET', `${messagesPath}/pins`)
    expect(json.items.map((pin: { message: { id: string } }) => pin.message.id)).toEqual([id])
    expect((await call('DELETE', `${messagesPath}/pins/${id}`)).status).toBe(204)
    expect((await call('GET', `/v10/channels/${general}/pins`)).json).toEqual([])
  })

  it('take twenty kinds of reactions, from emoji and from names with ids, and nothing else', async () => {
    const { call, post, mock } = await bot()
    const id = await post('react')
    const react = async (emoji: string) => {
      const path = `${messagesPath}/${id}/reactions/${encodeURIComponent(emoji)}/%40me`
      const { status, json } = await call('PUT', path)
      return json?.code ?? status
    }
    expect(await react('👍')).toBe(204)
    expect(await react('👨‍👩‍👧')).toBe(204)
    expect(await react('1️⃣')).toBe(204)
    expect(await react('party:1000000000000300001')).toBe(204)
    expect(await react('word')).toBe(10014)
    for (let index = 0; index < 16; index++) await react(`e${index}e:1000000000000300002`)
    expect(await react('🎉')).toBe(30010)
    expect(await react('👍')).toBe(204)
    await caller(mock, 'Bot other')('PUT', `${messagesPath}/${id}/reactions/👍/@me`)
    const users = await call('GET', `${messagesPath}/${id}/reactions/👍?limit=1`)
    expect(users.json).toHaveLength(1)
    const { json } = await call('GET', `${messagesPath}/${id}`)
    expect(json.reactions[0]).toMatchObject({ emoji: { id: null, name: '👍' }, count: 2, me: true })
    await call('DELETE', `${messagesPath}/${id}/reactions/👍`)
    await call('DELETE', `${messagesPath}/${id}/reactions`)
    expect((await call('GET', `${messagesPath}/${id}`)).json.reactions).toBeUndefined()
  })
})

describe('uploads', () => {
  const form = (payload: object | undefined, ...files: [string, Blob, string][]) => {
    const data = new FormData()
    if (payload) data.set('payload_json', JSON.stringify(payload))
    for (const [name, blob, filename] of files) data.set(name, blob, filename)
    return data
  }

  it('are served back byte for byte, under the name and description the payload gives', async () => {
    const { call } = await bot()
    const bytes = crypto.getRandomValues(new Uint8Array(60_000))
    const payload = { attachments: [{ id: 3, filename: 'a b.png', description: 'noise' }] }
    const file = new Blob([bytes], { type: 'image/png' })
    const { json } = await call('POST', messagesPath, form(payload, ['files[3]', file, 'x.bin']))
    expect(json.attachments).toMatchObject([
      { filename: 'a_b.png', size: 60_000, description: 'noise', content_type: 'image/png' },
    ])
    const served = await fetch(json.attachments[0].url)
    expect(served.headers.get('content-type')).toBe('image/png')
    expect(new Uint8Array(await served.arrayBuffer())).toEqual(bytes)
  })

  it('may have no name', async () => {
    const { call } = await bot()
    const { status, json } = await call(
      'POST',
      messagesPath,
      form({}, ['files[0]', new Blob(), '']),
    )
    expect([status, json.attachments[0].filename]).toEqual([200, 'unknown'])
  })

  it('may come with plain fields in place of a payload', async () => {
    const { call } = await bot()
    const data = form(undefined, ['files[0]', new Blob(['x']), 'x.txt'])
    data.set('content', 'plain')
    expect((await call('POST', messagesPath, data)).json.content).toBe('plain')
  })

  it('go when their message goes, or an edit leaves them out', async () => {
    const { call } = await bot()
    const files = form(
      undefined,
      ['files[0]', new Blob(['0']), '0.txt'],
      ['files[1]', new Blob(['1']), '1.txt'],
    )
    const { json } = await call('POST', messagesPath, files)
    const [first, second] = json.attachments
    const statuses = () =>
      Promise.all([first, second].map(async ({ url }) => (await fetch(url)).status))
    expect(await statuses()).toEqual([200, 200])
    await call('PATCH', `${messagesPath}/${json.id}`, { attachments: [{ id: second.id }] })
    expect(await statuses()).toEqual([404, 200])
    await call('DELETE', `${messagesPath}/${json.id}`)
    expect(await statuses()).toEqual([404, 404])
  })

  it('are refused over 10 MiB a file and 25 MiB a request', async () => {
    const { call, mock } = await bot()
    const mebibytes = (count: number) => new Blob([new Uint8Array(count * 2 ** 20)])
    const one = await call('POST', messagesPath, form({}, ['files[0]', mebibytes(11), 'a']))
    expect([one.status, one.json]).toEqual([
      413,
      { message: 'Request entity too large', code: 40005 },
    ])
    const three = await call(
      'POST',
      messagesPath,
      form(
        {},
        ['files[0]', mebibytes(9), 'a'],
        ['files[1]', mebibytes(9), 'b'],
        ['files[2]', mebibytes(9), 'c'],
      ),
    )
    expect([three.status, three.json.code]).toEqual([413, 40005])
    const text = await call('POST', messagesPath, ' '.repeat(26 * 2 ** 20))
    expect([text.status, text.json.code]).toEqual([413, 40005])
    expect(mock.store.messages(general).size).toBe(0)
  })

  it('that are no form are refused', async () => {
    const { call } = await bot()
    const headers = { 'content-type': 'multipart/form-data; boundary=x' }
    const { status, json } = await call('POST', messagesPath, 'not a form', headers)
    expect([status, json.code]).toEqual([400, 50035])
  })
})

describe('channels, users and guilds', () => {
  it('change what they are asked to', async () => {
    const { call } = await bot()
    const renamed = await call('PATCH', `/v10/channels/${general}`, { name: 'new', topic: 'talk' })
    expect(renamed.json).toMatchObject({ id: general, name: 'new', topic: 'talk' })
    const bad = await call('PATCH', `/v10/channels/${general}`, { name: '' })
    expect(bad.json.errors.name._errors[0].code).toBe('BASE_TYPE_BAD_LENGTH')
  })

  it('come and go', async () => {
    const { call } = await bot()
    const made = await call('POST', `${guild}/channels`, { name: 'new', type: 0 })
    expect(made.status).toBe(201)
    const list = async () =>
      (await call('GET', `${guild}/channels`)).json.map((each: { name: string }) => each.name)
    expect(await list()).toContain('new')
    await call('DELETE', `/v10/channels/${made.json.id}`)
    expect(await list()).not.toContain('new')
  })

  it('show a guild whole, with the caller among its members', async () => {
    const { call } = await bot()
    const me = (await call('GET', '/v10/users/%40me')).json
    expect((await call('GET', guild)).json).toMatchObject({
      id: fixedIds.guild,
      roles: [{ id: fixedIds.guild, permissions: expect.stringMatching(/^\d+$/) }],
    })
    const members = (await call('GET', `${guild}/members?limit=100`)).json
    expect(members.map((member: { user: { id: string } }) => member.user.id)).toEqual([
      fixedIds.alice,
      fixedIds.bob,
      me.id,
    ])
    const next = await call('GET', `${guild}/members?limit=1&after=${fixedIds.alice}`)
    expect(next.json[0].user.id).toBe(fixedIds.bob)
    expect((await call('GET', `${guild}/members/${me.id}`)).json.user).toMatchObject({ id: me.id })
    const named = await call('PATCH', `${guild}/members/@me`, { nick: 'helper' })
    expect(named.json.nick).toBe('helper')
    expect((await call('GET', `${guild}/roles`)).json).toHaveLength(1)
    expect((await call('GET', '/v10/users/@me/guilds')).json).toMatchObject([
      { id: fixedIds.guild },
    ])
    expect((await call('PATCH', '/v10/users/@me', { username: 'robot' })).json.username).toBe(
      'robot',
    )
    expect((await call('GET', `/v10/users/${me.id}`)).json.username).toBe('robot')
  })

  it('open one direct channel for two users, however often', async () => {
    const { call } = await bot()
    const open = () => call('POST', '/v10/users/@me/channels', { recipient_id: fixedIds.alice })
    const { json } = await open()
    expect(json).toMatchObject({ type: 1, recipients: [{ id: fixedIds.alice }] })
    expect((await open()).json.id).toBe(json.id)
    const sent = await call('POST', `/v10/channels/${json.id}/messages`, { content: 'hi' })
    expect(sent.status).toBe(200)
    const nobody = await call('POST', '/v10/users/@me/channels', { recipient_id: '1' })
    expect(nobody.json.code).toBe(10013)
  })

  it('tell where the gateway is, and how many sessions may start', async () => {
    const { call, mock } = await bot()
    const url = mock.url.replace('http', 'ws')
    expect((await call('GET', '/v10/gateway')).json).toEqual({ url })
    expect((await call('GET', '/v10/gateway/bot')).json).toEqual({
      url,
      shards: 1,
      session_start_limit: {
        total: 1000,
        remaining: 1000,
        reset_after: 86_400_000,
        max_concurrency: 1,
      },
    })
  })
})

describe('voice', () => {
  const states = `${guild}/voice-states`
  const voice = fixedIds.voiceChannel

  it('is joined, moved within, and left', async () => {
    const { call, mock } = await bot()
    expect((await call('GET', '/v10/voice/regions')).json[0]).toMatchObject({ optimal: true })
    expect((await call('GET', `${guild}/regions`)).status).toBe(200)
    const me = (await call('GET', '/v10/users/@me')).json.id
    const early = await call('PATCH', `${guild}/members/@me`, { channel_id: voice })
    expect(early.json.code).toBe(40032)
    expect((await call('PATCH', `${states}/@me`, { channel_id: voice })).status).toBe(204)
    const joined = (await call('GET', `${states}/@me`)).json
    expect(joined).toMatchObject({ channel_id: voice, guild_id: fixedIds.guild, user_id: me })
    const other = mock.store.addVoiceChannel(fixedIds.guild, 'other').id
    await call('PATCH', `${guild}/members/${me}`, { channel_id: other })
    const moved = (await call('GET', `${states}/${me}`)).json
    expect(moved).toMatchObject({ channel_id: other, session_id: joined.session_id })
    await call('PATCH', `${states}/@me`, { channel_id: null })
    expect((await call('GET', `${states}/@me`)).json.code).toBe(10065)
  })

  it('refuses a text channel, and a full one', async () => {
    const { call, mock } = await bot()
    const small = mock.store.addVoiceChannel(fixedIds.guild, 'small', { userLimit: 1 }).id
    const text = await call('PATCH', `${states}/@me`, { channel_id: general })
    expect([text.status, text.json.code]).toEqual([400, 50024])
    expect((await call('PATCH', `${states}/@me`, { channel_id: small })).status).toBe(204)
    const second = await caller(mock, 'Bot b')('PATCH', `${states}/@me`, { channel_id: small })
    expect([second.status, second.json.code]).toEqual([403, 50013])
  })
})

describe('webhooks', () => {
  it('post under a name of their own, answer only when asked to wait, and change what they posted', async () => {
    const { call, mock } = await bot()
    const hooks = `/v10/channels/${general}/webhooks`
    const hook = (await call('POST', hooks, { name: 'news' })).json
    const path = `/v10/webhooks/${hook.id}/${hook.token}`
    expect((await call('POST', path, { content: 'quiet' })).status).toBe(204)
    const { json } = await call('POST', `${path}?wait=true`, {
      content: 'loud',
      username: 'Herald',
    })
    expect(json).toMatchObject({
      content: 'loud',
      webhook_id: hook.id,
      author: { id: hook.id, username: 'Herald', bot: true },
    })
    const edited = await call('PATCH', `${path}/messages/${json.id}`, { content: 'louder' })
    expect(edited.json.content).toBe('louder')
    expect((await call('GET', `${path}/messages/${json.id}`)).json.content).toBe('louder')
    expect((await call('DELETE', `${path}/messages/${json.id}`)).status).toBe(204)
    expect(mock.store.messages(general).size).toBe(1)
    expect((await call('GET', hooks)).json).toHaveLength(1)
    expect((await call('GET', `/v10/webhooks/${hook.id}`)).json.user).toBeDefined()
    expect((await call('GET', path)).json.user).toBeUndefined()
    const wrong = await call('POST', `/v10/webhooks/${hook.id}/wrong`, { content: 'x' })
    expect([wrong.status, wrong.json.code]).toEqual([401, 50027])
    expect((await call('DELETE', path)).status).toBe(204)
    expect((await call('POST', path, { content: 'x' })).json.code).toBe(10015)
  })
})

describe('rate limits', () => {
  it('delete by age: new, older than ten seconds, older than two weeks', async () => {
    const clock = { now: Date.now() }
    const { call, post } = await bot({ now: () => clock.now, limits: {} })
    const ids = [await post('a'), await post('b'), await post('c')]
    const limitOf = async (id = '1') =>
      (await call('DELETE', `${messagesPath}/${id}`)).headers.get('x-ratelimit-limit')
    expect(await limitOf(ids[0])).toBe('5')
    clock.now += 10_001
    expect(await limitOf(ids[1])).toBe('3')
    clock.now += 14 * 24 * 3_600_000
    expect(await limitOf(ids[2])).toBe('30')
    expect(await limitOf()).toBe('5')
  })

  it('are felt by attachments of no one', async () => {
    const { call, mock } = await bot({ limits: { global: { limit: 0, windowMs: 1_000 } } })
    expect((await call('GET', '/v10/gateway')).status).toBe(429)
    const served = await fetch(`${mock.url}/attachments/1/1/x`)
    expect([served.status, served.headers.has('x-ratelimit-limit')]).toEqual([404, false])
  })

  it('ban an address that goes on in spite of them', async () => {
    const { call, mock } = await bot({
      limits: { global: { limit: 1, windowMs: 60_000 }, invalid: { limit: 10 } },
    })
    const types: (string | null)[] = []
    for (let index = 0; index < 13; index++) {
      types.push((await call('GET', '/v10/gateway')).headers.get('content-type'))
    }
    expect(types.filter((type) => type === 'application/json')).toHaveLength(11)
    expect(types.slice(11)).toEqual(['text/html; charset=UTF-8', 'text/html; charset=UTF-8'])
    expect(mock.limits.counters).toMatchObject({ global: 10, bans: 1, banned: 2 })
  })
})
