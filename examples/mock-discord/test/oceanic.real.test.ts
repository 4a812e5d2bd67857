import { Client } from 'oceanic.js'
import { describe, expect, it } from 'vitest'
import type { MockOptions } from '../src/index.ts'
import { fixedIds } from '../src/store/store.ts'
import { general, only, started } from './started.ts'

async function client(options: MockOptions = { limits: { enabled: false } }) {
  const mock = await started(options)
  const oceanic = new Client({
    auth: 'Bot token',
    rest: { baseURL: `${mock.apiUrl}/v10`, disableLatencyCompensation: true },
  })
  await oceanic.restMode()
  return { mock, rest: oceanic.rest, log: mock.store.messages(general) }
}

describe('oceanic.js', () => {
  it('sends, edits and deletes', async () => {
    const { rest, log } = await client()
    const { id } = await rest.channels.createMessage(general, { content: 'before' })
    await rest.channels.editMessage(general, id, { content: 'after' })
    expect(log.get(id)?.data.content).toBe('after')
    await rest.channels.deleteMessage(general, id)
    expect(log.size).toBe(0)
  })

  it('replies and lists', async () => {
    const { rest } = await client()
    const { id } = await rest.channels.createMessage(general, { content: 'question' })
    const messageReference = { messageID: id, channelID: general }
    await rest.channels.createMessage(general, { content: 'answer', messageReference })
    const [answer, question] = await rest.channels.getMessages(general, { limit: 2 })
    expect([answer?.referencedMessage?.id, question?.content]).toEqual([id, 'question'])
  })

  it('reacts with an emoji', async () => {
    const { rest, log } = await client()
    const { id } = await rest.channels.createMessage(general, { content: 'vote' })
    await rest.channels.createReaction(general, id, '👍')
    expect(await rest.channels.getReactions(general, id, '👍')).toHaveLength(1)
    await rest.channels.deleteReaction(general, id, '👍')
    expect(log.get(id)?.reactions.size).toBe(0)
  })

  it('uploads, and the bytes come back', async () => {
    const { rest } = await client()
    const contents = Buffer.from(crypto.getRandomValues(new Uint8Array(65_536)))
    const message = await rest.channels.createMessage(general, {
      files: [{ name: 'noise.bin', contents }],
    })
    const [file] = [...message.attachments.values()]
    const served = await fetch(file?.url ?? '')
    expect(Buffer.from(await served.arrayBuffer()).equals(contents)).toBe(true)
  })

  it('types, deletes in bulk, and executes a webhook', async () => {
    const { rest, log } = await client()
    await rest.channels.sendTyping(general)
    const hook = await rest.webhooks.create(general, { name: 'news' })
    const ids: string[] = []
    for (const content of ['a', 'b']) {
      const options = { content, wait: true } as const
      ids.push((await rest.webhooks.execute(hook.id, hook.token ?? '', options)).id)
    }
    await rest.channels.deleteMessages(general, ids)
    expect(log.size).toBe(0)
  })

  it('finds the guild, its members and voice regions', async () => {
    const { rest } = await client()
    expect((await rest.guilds.get(fixedIds.guild)).name).toBe('evenkeel')
    expect(await rest.guilds.getMembers(fixedIds.guild, { limit: 2 })).toHaveLength(2)
    expect((await rest.misc.getVoiceRegions()).map(({ id }) => id)).toContain('rotterdam')
  })

  it('sees the code of what is unknown', async () => {
    const { rest } = await client()
    await expect(rest.channels.getMessage(general, '1')).rejects.toMatchObject({
      code: 10008,
      status: 404,
    })
  })

  it('waits out a 429 drawn by another process, by the body of a shared one', async () => {
    const { rest, mock, log } = await client({})
    mock.limits.forceShared('message-write', 300, general)
    await rest.channels.createMessage(general, { content: 'late' })
    expect(mock.limits.counters.shared).toBe(1)
    expect(log.size).toBe(1)
  })

  it('keeps to a bucket it has learned', async () => {
    const { rest, mock } = await client({
      limits: { routes: { 'message-write': { limit: 2, windowMs: 300 } } },
    })
    for (const content of ['a', 'b', 'c', 'd', 'e']) {
      await rest.channels.createMessage(general, { content })
    }
    expect(mock.limits.counters.user).toBe(0)
  })

  it('sends again after a 502, and succeeds', async () => {
    const statuses: unknown[] = []
    let left = 1
    const { rest } = await client(
      only({
        backend: ({ write }) =>
          write && left-- > 0 ? { status: 502, headers: {}, body: '' } : undefined,
        observe: ({ write }, { status }) => write && statuses.push(status),
      }),
    )
    await rest.channels.createMessage(general, { content: 'through' })
    expect(statuses).toEqual([502, 200])
  })
})
