import { EvenkeelError } from '@evenkeel/core'
import { manualClock } from '@evenkeel/core/testing'
import type { APIMessage } from 'discord-api-types/v10'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { Answerer } from '../src/answerer.ts'
import type { DiscordApi, Post } from '../src/discord-api.ts'
import { GatewayAddress } from '../src/gateway-address.ts'
import { keepTrying, type Patience } from '../src/keep-trying.ts'
import { type Message, readMessage } from '../src/message.ts'
import { MissedMessages } from '../src/missed-messages.ts'
import { Reminders } from '../src/reminders.ts'
import type { Replies } from '../src/replies.ts'
import { sayWait } from '../src/say-wait.ts'
import { Seen } from '../src/seen.ts'
import { isLater, snowflakeAt, wallMsOf } from '../src/snowflake.ts'

const silent = pino({ level: 'silent' })

function patience(changes: Partial<Patience> = {}) {
  const clock = manualClock()
  const signal = new AbortController().signal
  const all: Patience = {
    log: silent,
    clock,
    random: () => 0.5,
    signal,
    forMs: 60_000,
    pauseMs: [5000, 15_000],
    ...changes,
  }
  return { clock, patience: all }
}

const answered = (status: number, body: unknown = null): Response =>
  new Response(JSON.stringify(body), { status })

describe('keepTrying', () => {
  /** When each try began, and what came of all. */
  async function tries(outcomes: readonly (number | Error)[], changes: Partial<Patience> = {}) {
    const world = patience(changes)
    const atMs: number[] = []
    const done = keepTrying(
      'it',
      async () => {
        const outcome = outcomes[Math.min(atMs.length, outcomes.length - 1)] as number | Error
        atMs.push(world.clock.now())
        if (outcome instanceof Error) throw outcome
        return answered(outcome)
      },
      world.patience,
    )
    await world.clock.runAll(600_000)
    return { atMs, status: (await done)?.status, pending: world.clock.pending }
  }

  it('is content with an answer', async () => {
    expect(await tries([200])).toEqual({ atMs: [0], status: 200, pending: 0 })
  })

  it('pauses after what fetch gave up, and comes back', async () => {
    const failures = [503, new TypeError('fetch failed'), 429, 200]
    expect(await tries(failures)).toMatchObject({ atMs: [0, 10_000, 20_000, 30_000], status: 200 })
  })

  it('comes back no sooner than the refusal says', async () => {
    const open = new EvenkeelError('CIRCUIT_OPEN', 'open', {
      transient: true,
      retryAfterMs: 25_000,
    })
    expect(await tries([open, 200])).toMatchObject({ atMs: [0, 25_000] })
  })

  it('gives up at once what time does not mend', async () => {
    expect(await tries([403])).toMatchObject({ atMs: [0], status: undefined })
    expect(await tries([new RangeError('a bug')])).toMatchObject({ atMs: [0] })
    const final = new EvenkeelError('TOO_MANY_INVALID', 'no', { transient: false })
    expect(await tries([final])).toMatchObject({ atMs: [0] })
  })

  it('begins no try after its time', async () => {
    const { atMs, status, pending } = await tries([503])
    expect(atMs).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000])
    expect([status, pending]).toEqual([undefined, 0])
  })

  it('ends its pause when the bot ends, and leaves no timer', async () => {
    const controller = new AbortController()
    const world = patience({ signal: controller.signal })
    const done = keepTrying('it', async () => answered(503), world.patience)
    await world.clock.advance(1000)
    controller.abort()
    expect(await done).toBeUndefined()
    expect(world.clock.pending).toBe(0)
  })
})

describe('Answerer', () => {
  function world(pingApi: () => Promise<number> = async () => 1) {
    const posts: Post[] = []
    const clock = manualClock()
    const reminders = new Reminders(clock)
    const replies = { post: (post: Post) => posts.push(post), drained: async () => {} }
    const answerer = new Answerer({
      replies: replies as unknown as Replies,
      reminders,
      log: silent,
      random: () => 0,
      status: () => ({ rttMs: 1 }) as never,
      pingApi,
    })
    return { posts, clock, answerer, reminders }
  }
  const message = (id: string, content: string): Message => ({
    id,
    channelId: '7',
    author: 'ada',
    content,
  })

  it('answers a command once, however often it hears it', async () => {
    const { posts, answerer } = world()
    for (let time = 0; time < 3; time++) answerer.hear(message('1', '!echo x'))
    answerer.hear(message('2', '!echo x'))
    await answerer.close()
    expect(posts).toEqual([
      { channelId: '7', replyTo: '1', content: 'x', nonce: '1' },
      { channelId: '7', replyTo: '2', content: 'x', nonce: '2' },
    ])
  })

  it('reminds with a nonce of its own', async () => {
    const { posts, clock, answerer } = world()
    answerer.hear(message('1', '!remind 10s tea'))
    await clock.advance(10_000)
    expect(posts.map(({ content, nonce }) => [content, nonce])).toEqual([
      ['In 10 s.', '1'],
      ['Reminder: tea', '1r'],
    ])
  })

  it('says that a command went wrong', async () => {
    const { posts, answerer } = world(() => Promise.reject(new Error('a bug')))
    answerer.hear(message('1', '!ping'))
    await answerer.close()
    expect(posts.map(({ content }) => content)).toEqual(['That went wrong. It is in the log.'])
  })

  it('finishes what it has heard before it closes, and hears nothing after', async () => {
    let pong: (ms: number) => void = () => {}
    const { posts, answerer } = world(() => new Promise((resolve) => (pong = resolve)))
    answerer.hear(message('1', '!ping'))
    const closed = answerer.close()
    answerer.hear(message('2', '!echo late'))
    pong(5)
    await closed
    expect(posts.map(({ replyTo }) => replyTo)).toEqual(['1'])
  })
})

describe('MissedMessages', () => {
  const wallMs = Date.UTC(2026, 0, 1)
  const at = (ms: number): string => snowflakeAt(wallMs + ms)

  /** One channel with messages at these times, asked by pages of a hundred. */
  function world(timesMs: readonly number[]) {
    const clock = manualClock(wallMs)
    const heard: string[] = []
    const asked: string[] = []
    const ids = timesMs.map(at)
    const api = {
      async messagesAfter(_channel: string, after: string) {
        asked.push(after)
        const page = ids.filter((id) => isLater(id, after)).slice(0, 100)
        return answered(
          200,
          page.reverse().map((id) => ({ id })),
        )
      },
    }
    const { patience: all } = patience({ clock })
    const missed = new MissedMessages(api as unknown as DiscordApi, all, ({ id }: APIMessage) =>
      heard.push(id),
    )
    const last = ids.at(-1) ?? null
    const read = () => missed.read({ channels: [{ id: '7', last_message_id: last }] })
    return { clock, missed, heard, asked, read, ids }
  }

  it('asks nothing where nothing was said', async () => {
    const { missed, asked } = world([])
    missed.sessionBegan()
    await missed.read({ channels: [{ id: '7', last_message_id: null }, { id: '8' }] })
    expect(asked).toEqual([])
  })

  it('begins a minute before the newest message it knows, oldest first', async () => {
    const { clock, missed, heard, asked, read, ids } = world([100_000, 200_000, 300_000])
    await clock.advance(300_000)
    missed.heard(ids[1] as string)
    missed.sessionBegan()
    await read()
    expect(asked).toEqual([at(140_000)])
    expect(heard).toEqual([ids[1], ids[2]])
  })

  it('reads page after page', async () => {
    const { clock, missed, heard, asked, read, ids } = world(
      Array.from({ length: 250 }, (_, index) => 1000 + index * 10),
    )
    await clock.advance(10_000)
    missed.sessionBegan()
    await read()
    expect(heard).toEqual(ids)
    expect(asked).toHaveLength(3)
  })

  it('has heard nothing before it began, and goes back ten minutes at most', async () => {
    const { clock, missed, asked, read, ids } = world([-5000, 4_000_000])
    missed.sessionBegan()
    await read()
    expect(asked).toEqual([at(0)])
    await clock.advance(4_000_000)
    missed.heard(ids[0] as string)
    missed.sessionBegan()
    await read()
    expect(asked.at(-1)).toBe(at(3_400_000))
  })
})

describe('GatewayAddress', () => {
  const info = (url: string) => ({
    url,
    session_start_limit: { total: 1000, remaining: 5, reset_after: 1, max_concurrency: 1 },
  })

  function world(...answers: (Response | Error)[]) {
    const limits: unknown[] = []
    let refusals = 0
    const api = {
      async gatewayBot() {
        const answer = answers.shift() as Response | Error
        if (answer instanceof Error) throw answer
        return answer
      },
    }
    const budget = { update: (limit: unknown) => limits.push(limit) }
    const address = new GatewayAddress(api as never, budget as never, () => refusals++)
    const find = () => address.find({ signal: new AbortController().signal })
    return { address, find, limits, left: answers, refusals: () => refusals }
  }

  it('asks once, and takes over how many sessions may begin', async () => {
    const { find, limits } = world(answered(200, info('wss://a')))
    expect([await find(), await find()]).toEqual(['wss://a', 'wss://a'])
    expect(limits).toMatchObject([{ remaining: 5 }])
  })

  it('asks again for a new session, and does with the old answer when there is none', async () => {
    const { address, find, left } = world(
      answered(200, info('wss://a')),
      answered(503),
      answered(200, info('wss://b')),
    )
    await find()
    address.forget()
    expect([await find(), await find()]).toEqual(['wss://a', 'wss://b'])
    expect(left).toEqual([])
  })

  it('fails a dial when it knows no address, and tells of a token that is no good', async () => {
    const { find, refusals } = world(answered(503), answered(401))
    await expect(find()).rejects.toThrow('503')
    expect(refusals()).toBe(0)
    await expect(find()).rejects.toThrow('401')
    expect(refusals()).toBe(1)
  })
})

describe('small things', () => {
  it('Reminders have room for a thousand, and forget all when they close', async () => {
    const clock = manualClock()
    const reminders = new Reminders(clock)
    const rung: number[] = []
    for (let each = 0; each < 1000; each++) reminders.add(1000 + each, () => rung.push(each))
    expect(reminders.add(1, () => {})).toBe(false)
    await clock.advance(1001)
    expect(rung).toEqual([0, 1])
    expect(reminders.add(5000, () => {})).toBe(true)
    reminders.close()
    expect([clock.pending, reminders.pending]).toEqual([0, 0])
  })

  it('Seen remembers the latest, in bounded memory', () => {
    const seen = new Seen(2)
    expect(['a', 'a', 'b', 'c', 'b', 'a'].map((id) => seen.isNew(id))).toEqual([
      true,
      false,
      true,
      true,
      false,
      true,
    ])
  })

  it('ids begin with their time', () => {
    // The example of docs.discord.com/developers/reference#snowflakes.
    expect(wallMsOf('175928847299117063')).toBe(1_462_015_105_796)
    expect(wallMsOf(snowflakeAt(1_700_000_000_000))).toBe(1_700_000_000_000)
    expect(isLater('175928847299117063', snowflakeAt(1_462_015_105_796))).toBe(true)
    expect(isLater('99', '100')).toBe(false)
  })

  it('bots and webhooks are nobody to be answered', () => {
    const said = { id: '1', channel_id: '2', author: { username: 'ada' }, content: '!ping' }
    const read = (changes: object) => readMessage({ ...said, ...changes } as APIMessage)
    expect(read({})).toEqual({ id: '1', channelId: '2', author: 'ada', content: '!ping' })
    expect(read({ author: { username: 'other', bot: true } })).toBeUndefined()
    expect(read({ webhook_id: '3' })).toBeUndefined()
  })

  it('waits are said in whole seconds, never too few', () => {
    expect([0.2, 999, 1000, 3001].map(sayWait)).toEqual(['1 ms', '999 ms', '1 s', '4 s'])
  })
})
