import { once } from 'node:events'
import { ChannelType, Events, GatewayIntentBits, PermissionFlagsBits } from 'discord.js'
import { describe, expect, it } from 'vitest'
import { fixedIds } from '../../src/store/store.ts'
import { makeUser } from '../../src/store/users.ts'
import { caller, general, messagesPath } from '../started.ts'
import { bot, dispatched, newClient, numbersOf, quickMock, type Raw, range, record } from './bot.ts'
import { until } from './until.ts'

const one = (name: string) => `${messagesPath}/${name}`

describe('discord.js hears', () => {
  it('READY and its guild when it logs in', async () => {
    const { client, guild, raws } = await bot()
    expect(client.user?.bot).toBe(true)
    expect(raws.map(({ t, s }) => [t, s]).slice(0, 2)).toEqual([
      ['READY', 1],
      ['GUILD_CREATE', 2],
    ])
    expect(guild.members.me?.permissions.has(PermissionFlagsBits.Administrator)).toBe(true)
    expect(guild.channels.cache.size).toBe(5)
  })

  it('a message of another, and its own', async () => {
    const { client, channel, call } = await bot()
    const [[theirs]] = await Promise.all([
      once(client, Events.MessageCreate),
      call('POST', messagesPath, { content: 'hello' }),
    ])
    expect([theirs.content, theirs.guildId, theirs.member?.id]).toEqual([
      'hello',
      fixedIds.guild,
      theirs.author.id,
    ])
    const [[mine]] = await Promise.all([once(client, Events.MessageCreate), channel.send('mine')])
    expect(mine.author.id).toBe(client.user?.id)
  })

  it('edits and deletions, one by one and in bulk', async () => {
    const { client, call } = await bot()
    const ids: string[] = []
    for (const content of ['a', 'b', 'c']) {
      ids.push((await call('POST', messagesPath, { content })).json.id)
    }
    const [[before, after]] = await Promise.all([
      once(client, Events.MessageUpdate),
      call('PATCH', one(ids[0] ?? ''), { content: 'changed' }),
    ])
    expect([before.content, after.content]).toEqual(['a', 'changed'])
    const [[gone]] = await Promise.all([
      once(client, Events.MessageDelete),
      call('DELETE', one(ids[0] ?? '')),
    ])
    expect(gone.id).toBe(ids[0])
    const [[many]] = await Promise.all([
      once(client, Events.MessageBulkDelete),
      call('POST', one('bulk-delete'), { messages: ids.slice(1) }),
    ])
    expect([...many.keys()].sort()).toEqual(ids.slice(1))
  })

  it('reactions that come and go', async () => {
    const { client, channel, call } = await bot()
    const { id } = await channel.send('vote')
    const at = one(`${id}/reactions/👍`)
    const [[added, by]] = await Promise.all([
      once(client, Events.MessageReactionAdd),
      call('PUT', `${at}/@me`),
    ])
    expect([added.emoji.name, added.count, by.bot]).toEqual(['👍', 1, true])
    const [[removed]] = await Promise.all([
      once(client, Events.MessageReactionRemove),
      call('DELETE', `${at}/@me`),
    ])
    expect(removed.count).toBe(0)
    await channel.messages.react(id, '👍')
    await Promise.all([once(client, Events.MessageReactionRemoveEmoji), call('DELETE', at)])
    await channel.messages.react(id, '👍')
    await Promise.all([
      once(client, Events.MessageReactionRemoveAll),
      call('DELETE', one(`${id}/reactions`)),
    ])
  })

  it('typing', async () => {
    const { client, call } = await bot()
    const [[typing]] = await Promise.all([
      once(client, Events.TypingStart),
      call('POST', `/v10/channels/${general}/typing`),
    ])
    expect([typing.channel.id, typing.member?.user.bot]).toEqual([general, true])
  })

  it('channels made, changed and removed, pins and webhooks', async () => {
    const { client, guild, channel } = await bot()
    const [[made]] = await Promise.all([
      once(client, Events.ChannelCreate),
      guild.channels.create({ name: 'made', type: ChannelType.GuildText }),
    ])
    expect(made.name).toBe('made')
    const [[, renamed]] = await Promise.all([
      once(client, Events.ChannelUpdate),
      made.setName('renamed'),
    ])
    expect(renamed.name).toBe('renamed')
    const [[removed]] = await Promise.all([once(client, Events.ChannelDelete), made.delete()])
    expect(removed.id).toBe(made.id)
    const message = await channel.send('keep')
    await Promise.all([once(client, Events.ChannelPinsUpdate), message.pin()])
    await Promise.all([
      once(client, Events.WebhooksUpdate),
      channel.createWebhook({ name: 'news' }),
    ])
  })

  it('members that come and change', async () => {
    const { client, guild, mock } = await bot()
    const [[added]] = await Promise.all([
      once(client, Events.GuildMemberAdd),
      caller(mock, 'Bot newcomer')('GET', '/v10/users/@me'),
    ])
    const [[, changed]] = await Promise.all([
      once(client, Events.GuildMemberUpdate),
      guild.members.edit(added.id, { nick: 'nickname' }),
    ])
    expect(changed.nickname).toBe('nickname')
  })

  it('a direct message, on shard 0', async () => {
    const { client, call } = await bot()
    const { json: dm } = await call('POST', '/v10/users/@me/channels', {
      recipient_id: client.user?.id,
    })
    const [[message]] = await Promise.all([
      once(client, Events.MessageCreate),
      call('POST', `/v10/channels/${dm.id}/messages`, { content: 'psst' }),
    ])
    expect([message.content, message.guildId]).toEqual(['psst', null])
  })

  it('who is online, and what they do', async () => {
    const { client, mock, guild } = await bot()
    const other = newClient(mock)
    await guild.members.fetch()
    const came = once(client, Events.PresenceUpdate)
    await other.login('other')
    expect((await came)[1].status).toBe('online')
    await until(() => other.user)
    const changed = once(client, Events.PresenceUpdate)
    other.user?.setPresence({ status: 'idle', activities: [{ name: 'chess' }] })
    const [, presence] = await changed
    expect([presence.status, presence.activities[0]?.name]).toEqual(['idle', 'chess'])
    const left = once(client, Events.PresenceUpdate)
    await other.destroy()
    expect((await left)[1].status).toBe('offline')
  })

  it('what a message says only with the intent for it, and what is said of it itself', async () => {
    const intents = GatewayIntentBits.Guilds | GatewayIntentBits.GuildMessages
    const { client, call } = await bot({}, { intents })
    const said = async (content: string) => {
      const heard = once(client, Events.MessageCreate)
      await call('POST', messagesPath, { content })
      return (await heard)[0].content
    }
    expect(await said('secret')).toBe('')
    expect(await said(`<@${client.user?.id}> psst`)).toBe(`<@${client.user?.id}> psst`)
  })

  it('nothing that its intents do not name', async () => {
    const intents = GatewayIntentBits.Guilds | GatewayIntentBits.GuildMessageReactions
    const { raws, call } = await bot({}, { intents })
    const { json } = await call('POST', messagesPath, { content: 'unheard' })
    await call('POST', `/v10/channels/${general}/typing`)
    await call('PUT', one(`${json.id}/reactions/👍/@me`))
    await dispatched(raws, 'MESSAGE_REACTION_ADD')
    expect(raws.map(({ t }) => t)).toEqual(['READY', 'GUILD_CREATE', 'MESSAGE_REACTION_ADD'])
  })
})

describe('discord.js asks', () => {
  it('for all members, in chunks', async () => {
    const { guild, mock, raws } = await bot()
    const { users, nextId } = mock.store
    for (let index = 0; index < 1_500; index++) users.add(makeUser(nextId(), `user-${index}`))
    const members = await guild.members.fetch()
    expect([members.has(fixedIds.alice), members.size]).toEqual([true, 1_503])
    const chunks = raws.filter(({ t }) => t === 'GUILD_MEMBERS_CHUNK')
    expect(chunks.map(({ d }) => [d.chunk_index, d.chunk_count, d.members.length])).toEqual([
      [0, 2, 1_000],
      [1, 2, 503],
    ])
  })

  it('for members by name and by id', async () => {
    const { guild } = await bot()
    const byName = await guild.members.fetch({ query: 'ali', limit: 5 })
    expect([...byName.keys()]).toEqual([fixedIds.alice])
    const byId = await guild.members.fetch({ user: [fixedIds.bob] })
    expect([...byId.keys()]).toEqual([fixedIds.bob])
  })

  it('for all members too often, and is told how long to wait', async () => {
    const { guild, raws } = await bot()
    await guild.members.fetch()
    guild.members.fetch().catch(() => {})
    const { d } = await dispatched(raws, 'RATE_LIMITED')
    expect(d).toMatchObject({ opcode: 8, meta: { guild_id: guild.id } })
    expect(d.retry_after).toBeGreaterThan(20)
  })

  it('to join a voice channel, and to leave it', async () => {
    const { guild, client, raws, mock } = await bot()
    const shard = guild.shard
    shard.send({
      op: 4,
      d: {
        guild_id: guild.id,
        channel_id: fixedIds.voiceChannel,
        self_mute: true,
        self_deaf: false,
      },
    })
    const server = await dispatched(raws, 'VOICE_SERVER_UPDATE')
    expect(server.d).toMatchObject({ guild_id: guild.id, endpoint: new URL(mock.url).host })
    const state = await dispatched(raws, 'VOICE_STATE_UPDATE')
    expect(state.d).toMatchObject({ user_id: client.user?.id, self_mute: true })
    expect(guild.members.me?.voice.channelId).toBe(fixedIds.voiceChannel)
    expect(mock.gateway.sessions[0]?.id).toBe(state.d.session_id)
    shard.send({
      op: 4,
      d: { guild_id: guild.id, channel_id: null, self_mute: false, self_deaf: false },
    })
    await until(() => guild.members.me?.voice.channelId === null)
  })
})

/** Injects before, during and after a fault, and looks at every number and every `s`. */
async function survives(
  fault: (world: Awaited<ReturnType<typeof bot>>) => unknown,
  sockets: object = {},
): Promise<{ raws: Raw[]; world: Awaited<ReturnType<typeof bot>> }> {
  const world = await bot({ sockets })
  const { mock, raws } = world
  const resumed = mock.gateway.status.resumes
  mock.gateway.act({ kind: 'inject', count: 5 })
  await until(() => numbersOf(raws).length === 5)
  await fault(world)
  mock.gateway.act({ kind: 'inject', count: 5 })
  await until(() => mock.gateway.status.resumes > resumed)
  mock.gateway.act({ kind: 'inject', count: 5 })
  await until(() => numbersOf(raws).length >= 15)
  expect(numbersOf(raws)).toEqual(range(1, 15))
  expect(mock.gateway.sessions.map(({ numbers }) => numbers)).toEqual([[[1, 15]]])
  const all = raws.map(({ s }) => s)
  expect(all).toEqual(range(1, all.length))
  return { raws, world }
}

describe('discord.js resumes without losing an event', () => {
  it('after op 7', async () => {
    const { raws } = await survives(({ mock }) => mock.gateway.act({ kind: 'reconnect' }))
    expect(raws.some(({ t }) => t === 'RESUMED')).toBe(true)
  })

  it('after op 9 with a session that can be resumed', async () =>
    void (await survives(({ mock }) => mock.gateway.act({ kind: 'invalidate', resumable: true }))))

  it('after its connection is cut', async () =>
    void (await survives(({ mock }) => mock.gateway.act({ kind: 'drop' }))))

  it.each([4000, 4001, 4002, 1012])(
    'after a close with %i',
    async (code) => void (await survives(({ mock }) => mock.gateway.act({ kind: 'close', code }))),
  )

  it('after heartbeats that nobody answers', async () =>
    void (await survives(({ mock }) => mock.gateway.act({ kind: 'stop-acks' }), {
      heartbeatIntervalMs: 150,
    })))

  it('after a connection goes half-open', async () =>
    void (await survives(({ mock }) => mock.gateway.act({ kind: 'half-open' }), {
      heartbeatIntervalMs: 150,
      heartbeatGraceMs: 600,
    })))

  it('after a restart that keeps the sessions', async () =>
    void (await survives(({ mock }) => mock.gateway.act({ kind: 'restart' }))))

  it('when its handshakes are first refused with 503', async () => {
    const { world } = await survives(({ mock }) => {
      mock.gateway.act({ kind: 'handshakes', fault: { kind: 'refuse', status: 503, count: 1 } })
      mock.gateway.act({ kind: 'drop' })
    })
    expect(world.mock.gateway.status.upgradeFailures.refused).toBe(1)
  })

  it('through frames that come late', async () =>
    void (await survives(async ({ mock }) => {
      mock.gateway.configure({ frameDelayMs: 60 })
      mock.gateway.act({ kind: 'drop' })
    })))
})

describe('discord.js begins anew', () => {
  const anew = async (
    act: (mock: Awaited<ReturnType<typeof bot>>['mock']) => void,
    sockets = {},
  ) => {
    const { mock, raws, client } = await bot({ sockets })
    act(mock)
    await until(() => raws.filter(({ t }) => t === 'READY').length === 2)
    expect(client.ws.status).toBe(0)
    return { mock, raws }
  }

  it('after op 9 with a session that is over', async () => {
    const { mock } = await anew((mock) => mock.gateway.act({ kind: 'invalidate' }))
    expect(mock.gateway.status.resumes).toBe(0)
  })

  it('after a restart that loses the sessions', async () => {
    const { mock } = await anew((mock) => mock.gateway.act({ kind: 'restart', sessions: 'lose' }))
    expect(mock.gateway.status.resumesRefused).toBe(1)
  })

  it('when its session was over before it came back', async () =>
    void (await anew((mock) => mock.gateway.act({ kind: 'drop' }), { sessionLifetimeMs: 0 })))

  it('when more was missed than is kept', async () =>
    void (await anew(
      (mock) => {
        mock.gateway.act({ kind: 'drop' })
        mock.gateway.act({ kind: 'inject', count: 10 })
      },
      { maxReplay: 5 },
    )))

  it('after a process that does not listen for a while, as it throws a session away it could resume', async () => {
    const { mock } = await anew((mock) => mock.gateway.act({ kind: 'restart', downMs: 700 }))
    expect(mock.gateway.status.resumes).toBe(0)
  })
})

describe('discord.js gives up', () => {
  it.each([
    [4010, { sockets: { shards: 4 } }, { shards: [4], shardCount: 4 }],
    [4011, { sockets: { requiredShards: 2 } }, {}],
    [4013, {}, { intents: 1 << 30 }],
    [4014, { sockets: { allowedIntents: GatewayIntentBits.Guilds } }, {}],
  ])('when it is told %i', async (code, mockOptions, options) => {
    const mock = await quickMock(mockOptions)
    const client = newClient(mock, options)
    expect(await client.login('token').catch((error) => error)).toBeInstanceOf(Error)
    await until(() => mock.gateway.status.closedByServer[code] === 1)
  })

  it('when its token is refused while it is connected', async () => {
    const { client, mock } = await bot()
    const ended = once(client, Events.ShardDisconnect)
    mock.gateway.act({ kind: 'close', code: 4004 })
    expect((await ended)[0].code).toBe(4004)
    expect(mock.gateway.sessions).toEqual([])
  })
})

describe('discord.js with shards', () => {
  it('gets a guild on the one shard it is on', async () => {
    const mock = await quickMock({ sockets: { maxConcurrency: 4 } })
    const client = newClient(mock, { shardCount: 4, shards: [0, 1, 2, 3] } as object)
    const raws = record(client)
    const ready = once(client, Events.ClientReady)
    await client.login('token')
    await ready
    const shard = Number((BigInt(fixedIds.guild) >> 22n) % 4n)
    expect(client.guilds.cache.get(fixedIds.guild)?.shardId).toBe(shard)
    expect(raws.filter(({ t }) => t === 'GUILD_CREATE')).toHaveLength(1)
    mock.gateway.act({ kind: 'drop', shard })
    mock.gateway.act({ kind: 'inject', count: 3 })
    await until(() => numbersOf(raws).length === 3)
    expect(numbersOf(raws)).toEqual([1, 2, 3])
  })
})
