import { fixedIds, type SocketAction } from '@evenkeel/mock-discord'
import { describe, expect, it } from 'vitest'
import { botWorld, ofBot, online, until } from './bot-world.ts'

describe('the bot', () => {
  it('answers every command, and nothing else', async () => {
    const { bot, say, answer, answers } = await botWorld()
    await online(bot)
    const silent = [await say('good morning'), await say('!dance'), await say('say !ping')]
    expect(await answer((await say('!ping')).id)).toMatch(/^Pong! REST: \d+ ms, gateway: /)
    expect(await answer((await say('!echo héllo 🎈')).id)).toBe('héllo 🎈')
    expect(await answer((await say('!roll 3d6')).id)).toMatch(
      /^[1-6] \+ [1-6] \+ [1-6] = \*\*\d+\*\*$/,
    )
    expect(await answer((await say('!status')).id)).toMatch(/circuit closed/)
    expect(await answer((await say('!help')).id)).toMatch(/!remind/)
    for (const { id } of silent) expect(answers(id)).toEqual([])
  })

  it('reminds, beside its answer', async () => {
    const { bot, say, answers } = await botWorld()
    await online(bot)
    const { id } = await say('!remind 1s tea')
    await until(() => answers(id).length === 2)
    expect(answers(id)).toEqual(['In 1 s.', 'Reminder: tea'])
  })

  it('answers no bot, itself included', async () => {
    const { bot, mock, say, answer } = await botWorld()
    await online(bot)
    await answer((await say('!echo !echo loop')).id)
    const response = await fetch(`${mock.apiUrl}/v10/channels/${fixedIds.firstChannel}/messages`, {
      method: 'POST',
      headers: { authorization: 'Bot other', 'content-type': 'application/json' },
      body: JSON.stringify({ content: '!echo from a bot' }),
    })
    expect(response.status).toBe(200)
    await answer((await say('!echo last')).id)
    expect(bot.status.answered).toBe(2)
  })
})

describe('whatever befalls the gateway, a command asked meanwhile is answered once', () => {
  it.each<[string, SocketAction, resumes: boolean]>([
    ['a dropped line', { kind: 'drop' }, true],
    ['op 7', { kind: 'reconnect' }, true],
    ['op 9 that may resume', { kind: 'invalidate', resumable: true }, true],
    ['op 9 that may not', { kind: 'invalidate', resumable: false }, false],
    ['a half-open line', { kind: 'half-open' }, true],
    ['a zombie, whose heartbeats nobody answers', { kind: 'stop-acks' }, true],
    ['a restart', { kind: 'restart', downMs: 300 }, true],
    [
      'a restart that forgets all sessions',
      { kind: 'restart', downMs: 300, sessions: 'lose' },
      false,
    ],
    ['close code 4000', { kind: 'close', code: 4000 }, true],
    ['close code 4009', { kind: 'close', code: 4009 }, false],
    ['close code 1001', { kind: 'close', code: 1001 }, true],
  ])('%s', async (_, action, resumes) => {
    const { bot, mock, say, answer, answers } = await botWorld({ heartbeatGraceMs: 600_000 })
    await online(bot)
    const before = await say('!echo before')
    await answer(before.id)
    mock.gateway.act(action)
    const during = await say('!echo during')
    if (action.kind === 'stop-acks') await until(() => bot.status.sessions.resumed > 0)
    mock.gateway.act({ kind: 'heal' })
    expect(await answer(during.id)).toBe('during')
    const { started, resumed } = await until(() => {
      const { sessions } = bot.status
      return sessions.started + sessions.resumed > 1 && sessions
    })
    expect(resumes ? resumed : started - 1).toBeGreaterThan(0)
    const after = await say('!echo after')
    expect(await answer(after.id)).toBe('after')
    for (const { id } of [before, during, after]) expect(answers(id)).toHaveLength(1)
  })

  it('handshakes that are refused with a wait', async () => {
    const { bot, mock, say, answer, lines } = await botWorld()
    await online(bot)
    const refuse = { kind: 'refuse', status: 503, retryAfterMs: 1000, count: 2 } as const
    mock.gateway.act({ kind: 'handshakes', fault: refuse })
    mock.gateway.act({ kind: 'drop' })
    expect(await answer((await say('!echo during')).id)).toBe('during')
    expect(
      lines.filter(({ msg, failures }) => msg === 'connection lost' && failures === 2),
    ).toHaveLength(1)
  })
})

describe('whatever befalls the API, a command is answered once', () => {
  const post = { ...ofBot, method: 'POST' }

  it('a storm of 429s, of which the log tells', async () => {
    const { bot, mock, say, answer, answers, logged } = await botWorld()
    await online(bot)
    mock.machinery.act({
      fault: { fault: { kind: 'rate-limit', retryAfterMs: 1000 }, match: ofBot, count: 2 },
    })
    const asked = await Promise.all([say('!echo 0'), say('!echo 1'), say('!echo 2')])
    expect(await Promise.all(asked.map(({ id }) => answer(id)))).toEqual(['0', '1', '2'])
    for (const { id } of asked) expect(answers(id)).toHaveLength(1)
    expect(logged('retrying in')[0]).toMatchObject({ why: '429', attempt: 2 })
  })

  it('a burst of 503s longer than fetch is patient', async () => {
    const { bot, mock, say, answer, answers, logged } = await botWorld()
    await online(bot)
    mock.machinery.act({ fault: { fault: { kind: 'status', status: 503 }, match: post, count: 6 } })
    const { id } = await say('!echo still here')
    expect(await answer(id)).toBe('still here')
    expect(answers(id)).toHaveLength(1)
    expect(logged('again in')[0]?.msg).toMatch(new RegExp(`^reply to ${id}: again in \\d+ m?s$`))
  })

  it('answers that are lost after the post was made', async () => {
    const { bot, mock, say, answer, answers } = await botWorld()
    await online(bot)
    mock.machinery.act({ fault: { fault: { kind: 'drop', when: 'after' }, match: post, count: 2 } })
    const { id } = await say('!echo once')
    await answer(id)
    await until(() => bot.status.pendingReplies === 0)
    expect(answers(id)).toEqual(['once'])
  })

  it('an API that hangs', async () => {
    const { bot, mock, say, answer, answers } = await botWorld()
    await online(bot)
    mock.machinery.act({ fault: { fault: { kind: 'hang' }, match: post, count: 1 } })
    const { id } = await say('!echo late')
    expect(await answer(id)).toBe('late')
    await until(() => bot.status.pendingReplies === 0)
    expect(answers(id)).toHaveLength(1)
  })

  it('an API that does not even say where the gateway is', async () => {
    const { bot, mock, say, answer } = await botWorld()
    await online(bot)
    mock.machinery.act({
      fault: { fault: { kind: 'status', status: 500 }, match: { ...ofBot, route: '/gateway/bot' } },
    })
    mock.gateway.act({ kind: 'invalidate', resumable: false })
    expect(await answer((await say('!echo by the old address')).id)).toBe('by the old address')
  })
})

describe('its end', () => {
  it('lets what it answers go out, says goodbye, and answers nothing more', async () => {
    const { bot, mock, say, answers } = await botWorld()
    await online(bot)
    const slow = { kind: 'latency', delayMs: 300 } as const
    mock.machinery.act({ fault: { fault: slow, match: ofBot } })
    const { id } = await say('!echo the last word')
    await until(() => bot.status.pendingReplies === 1)
    await bot.close()
    expect(answers(id)).toEqual(['the last word'])
    expect(await bot.ended).toBe('closed (1000 )')
    expect(mock.gateway.sessions).toEqual([])
    const late = await say('!echo too late')
    expect(answers(late.id)).toEqual([])
  })

  it('waits no longer than it is told for an API that is gone', async () => {
    const { bot, mock, say } = await botWorld()
    await online(bot)
    mock.machinery.act({ fault: { fault: { kind: 'hang' }, match: ofBot } })
    await say('!echo never')
    await until(() => bot.status.pendingReplies === 1)
    await bot.close(50)
    expect(bot.status).toMatchObject({ pendingReplies: 0, socket: 'closed', reminders: 0 })
  })

  it.each([4004, 4014])('comes by itself after close code %i', async (code) => {
    const { bot, mock } = await botWorld()
    await online(bot)
    mock.gateway.act({ kind: 'close', code })
    expect(await bot.ended).toMatch(new RegExp(`^closeCode \\(${code}`))
  })

  it('comes by itself when the API refuses the token', async () => {
    const { bot, mock } = await botWorld({}, { token: 'token' })
    await online(bot)
    mock.machinery.act({
      fault: { fault: { kind: 'status', status: 401 }, match: { ...ofBot, route: '/gateway/bot' } },
    })
    mock.gateway.act({ kind: 'invalidate', resumable: false })
    expect(await bot.ended).toBe('Discord refuses the token')
  })
})
