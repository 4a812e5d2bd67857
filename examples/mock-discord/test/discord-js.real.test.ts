import { Client, ClientUser, DiscordAPIError, Routes, type TextChannel } from 'discord.js'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { MockOptions } from '../src/index.ts'
import { fixedIds } from '../src/store/store.ts'
import { general, started } from './started.ts'

/** A client as an app has it after its login; the gateway's READY would set the user. */
async function loggedIn(options: MockOptions = { limits: { enabled: false } }) {
  const mock = await started(options)
  const client = new Client({ intents: [], rest: { api: mock.apiUrl } })
  onTestFinished(() => client.destroy())
  client.rest.setToken('token')
  client.user = Reflect.construct(ClientUser, [client, await client.rest.get(Routes.user())])
  const guild = await client.guilds.fetch(fixedIds.guild)
  await guild.channels.fetch()
  const channel = guild.channels.cache.get(general) as TextChannel
  return { mock, client, guild, channel, log: mock.store.messages(general) }
}

describe('discord.js', () => {
  it('sends', async () => {
    const { channel, client, log } = await loggedIn()
    const message = await channel.send('hello')
    expect(message.author.id).toBe(client.user?.id)
    expect(message.createdTimestamp).toBe(Date.parse(message.createdAt.toISOString()))
    expect(log.get(message.id)?.data.content).toBe('hello')
  })

  it('replies, and finds what it replied to', async () => {
    const { channel } = await loggedIn()
    const question = await channel.send('question')
    const answer = await question.reply('answer')
    expect(answer.reference?.messageId).toBe(question.id)
    expect((await answer.fetchReference()).content).toBe('question')
  })

  it('edits', async () => {
    const { channel, log } = await loggedIn()
    const message = await channel.send('before')
    const edited = await message.edit('after')
    expect(edited.editedTimestamp).not.toBeNull()
    expect(log.get(message.id)?.data.content).toBe('after')
  })

  it('deletes', async () => {
    const { channel, log } = await loggedIn()
    const message = await channel.send('gone soon')
    await message.delete()
    expect(log.size).toBe(0)
  })

  it('lists', async () => {
    const { channel } = await loggedIn()
    const ids: string[] = []
    for (const content of ['a', 'b', 'c', 'd']) ids.push((await channel.send(content)).id)
    const list = async (options: object) => [...(await channel.messages.fetch(options)).keys()]
    expect(await list({ limit: 2 })).toEqual([ids[3], ids[2]])
    expect(await list({ before: ids[2], limit: 1 })).toEqual([ids[1]])
    expect(await list({ after: ids[0], limit: 2 })).toEqual([ids[2], ids[1]])
  })

  it('deletes in bulk', async () => {
    const { channel, log } = await loggedIn()
    const messages = [await channel.send('a'), await channel.send('b')]
    const last = await channel.send('c')
    expect((await channel.bulkDelete(messages)).size).toBe(2)
    expect(log.latest(10).map(({ id }) => id)).toEqual([last.id])
  })

  it('reacts, lists who reacted, and takes it back', async () => {
    const { channel, client, log } = await loggedIn()
    const message = await channel.send('vote')
    const reaction = await message.react('👍')
    expect(log.get(message.id)?.reactions.users('👍')).toEqual([client.user?.id])
    const users = await reaction.users.fetch()
    expect([...users.keys()]).toEqual([client.user?.id])
    await reaction.users.remove()
    expect(log.get(message.id)?.reactions.size).toBe(0)
  })

  it('types', async () => {
    const { channel } = await loggedIn()
    await expect(channel.sendTyping()).resolves.toBeUndefined()
  })

  it('uploads, and downloads the same bytes', async () => {
    const { channel } = await loggedIn()
    const bytes = Buffer.from(crypto.getRandomValues(new Uint8Array(65_000)))
    const files = [
      { attachment: bytes, name: 'noise.png', description: 'noise' },
      { attachment: Buffer.from('text'), name: 'note.txt' },
    ]
    const message = await channel.send({ content: 'two files', files })
    const [noise, note] = [...message.attachments.values()]
    expect(noise).toMatchObject({ name: 'noise.png', description: 'noise', size: 65_000 })
    const served = await fetch(noise?.url ?? '')
    expect(served.headers.get('content-type')).toBe('image/png')
    expect(Buffer.from(await served.arrayBuffer()).equals(bytes)).toBe(true)
    expect(await (await fetch(note?.url ?? '')).text()).toBe('text')
  })

  it('pins', async () => {
    const { channel } = await loggedIn()
    const message = await channel.send('keep')
    await message.pin()
    const { items } = await channel.messages.fetchPins()
    expect(items.map((pin) => pin.message.id)).toEqual([message.id])
    await message.unpin()
    expect((await channel.messages.fetchPins()).items).toEqual([])
  })

  it('makes a webhook and posts by it', async () => {
    const { channel, log } = await loggedIn()
    const webhook = await channel.createWebhook({ name: 'news' })
    const message = await webhook.send({ content: 'extra', username: 'Herald' })
    expect(message.webhookId).toBe(webhook.id)
    expect(log.get(message.id)?.data.author.username).toBe('Herald')
    await webhook.editMessage(message.id, 'changed')
    expect(log.get(message.id)?.data.content).toBe('changed')
    await webhook.deleteMessage(message.id)
    expect(log.size).toBe(0)
  })

  it('writes to a user directly', async () => {
    const { client, mock } = await loggedIn()
    const alice = await client.users.fetch(fixedIds.alice)
    const message = await alice.send('psst')
    expect(mock.store.messages(message.channelId).get(message.id)?.data.content).toBe('psst')
  })

  it('finds members', async () => {
    const { guild } = await loggedIn()
    const members = await guild.members.list({ limit: 10 })
    expect(members.get(fixedIds.bob)?.displayName).toBe('bob')
    expect((await guild.members.fetch(fixedIds.alice)).user.username).toBe('alice')
  })

  it('renames and makes channels', async () => {
    const { channel, guild, mock } = await loggedIn()
    await channel.setName('renamed')
    expect(mock.store.channels.get(general)?.name).toBe('renamed')
    const made = await guild.channels.create({ name: 'made' })
    expect(mock.store.channels.get(made.id)?.name).toBe('made')
    await made.delete()
    expect(mock.store.channels.has(made.id)).toBe(false)
  })

  it('finds voice regions, and its own state when it has joined', async () => {
    const { client, guild } = await loggedIn()
    expect((await client.fetchVoiceRegions()).get('us-east')?.optimal).toBe(true)
    await expect(guild.voiceStates.fetch('@me')).rejects.toMatchObject({ code: 10065 })
    await client.rest.patch(Routes.guildVoiceState(guild.id), {
      body: { channel_id: fixedIds.voiceChannel },
    })
    expect((await guild.voiceStates.fetch('@me')).channelId).toBe(fixedIds.voiceChannel)
  })

  it('sends once for one nonce', async () => {
    const { channel, log } = await loggedIn()
    const options = { content: 'once', nonce: 'n-1', enforceNonce: true }
    const [first, second] = [await channel.send(options), await channel.send(options)]
    expect(second.id).toBe(first.id)
    expect(log.size).toBe(1)
  })

  it('sees the code of what is unknown', async () => {
    const { channel } = await loggedIn()
    const error = await channel.messages.fetch('1000000000000999999').catch((each) => each)
    expect(error).toBeInstanceOf(DiscordAPIError)
    expect(error).toMatchObject({ code: 10008, status: 404, message: 'Unknown Message' })
  })

  it('sees what is wrong in a form', async () => {
    const { channel } = await loggedIn()
    const error = await channel.send({ content: 'x'.repeat(2_001) }).catch((each) => each)
    expect(error).toMatchObject({ code: 50035, status: 400 })
    expect(error.message).toContain('content[BASE_TYPE_MAX_LENGTH]: Must be 2000 or fewer')
  })

  it('keeps to a bucket it has learned: seven sends to one channel draw no 429', async () => {
    const { channel, mock, log } = await loggedIn({
      limits: { routes: { 'message-write': { limit: 3, windowMs: 200 } } },
    })
    await Promise.all(Array.from({ length: 7 }, (_, index) => channel.send(String(index))))
    expect(mock.limits.counters.user).toBe(0)
    expect(log.latest(7).map(({ data }) => data.content)).toEqual('6543210'.split(''))
  })
})
