import { type RateLimitData, REST, type RESTOptions } from '@discordjs/rest'
import { type APIMessage, Routes } from 'discord-api-types/v10'
import { describe, expect, it } from 'vitest'
import type { MockOptions } from '../src/index.ts'
import type { Outcome } from '../src/machinery.ts'
import type { ApiReply, ApiRequest } from '../src/stage.ts'
import { general, only, started } from './started.ts'

const channel2 = '1000000000000000002'

async function client(options?: MockOptions, rest?: Partial<RESTOptions>) {
  const mock = await started(options)
  const another = () => new REST({ api: mock.apiUrl, ...rest }).setToken('token')
  const first = another()
  const send = (content: string, channel = general, body = {}, by = first) =>
    by.post(Routes.channelMessages(channel), { body: { content, ...body } }) as Promise<APIMessage>
  return { mock, rest: first, another, send, log: mock.store.messages(general) }
}

/** Notes how each request ended. */
function noted() {
  const ends: Outcome[] = []
  return { ends, observe: (_: ApiRequest, outcome: Outcome) => void ends.push(outcome) }
}

const statuses = (ends: readonly Outcome[]) => ends.map(({ status }) => status)

describe('@discordjs/rest', () => {
  it('sends a burst of twelve to one channel without a single 429', async () => {
    const { mock, send, log } = await client()
    const start = Date.now()
    await Promise.all(Array.from({ length: 12 }, (_, index) => send(String(index))))
    expect(mock.limits.counters).toMatchObject({ passed: 12, user: 0, global: 0, invalid: 0 })
    expect(log.size).toBe(12)
    // Five in each window of 5 s: the last two had to wait for the third window.
    expect(Date.now() - start).toBeGreaterThanOrEqual(10_000)
  })

  it('waits out a 429 that another process of the same bot has caused', async () => {
    const { mock, send, another } = await client({
      limits: { routes: { 'message-write': { limit: 1, windowMs: 1_000 } } },
    })
    const other = another()
    await Promise.all([send('one'), send('two', general, {}, other)])
    expect(mock.limits.counters).toMatchObject({ passed: 2, user: 1 })
    expect(mock.store.messages(general).size).toBe(2)
  })

  it('waits out a sub-limit for as long as Retry-After says, whatever the bucket has left', async () => {
    const { mock, rest } = await client({
      limits: { routes: { 'channel-name-topic': { limit: 2, windowMs: 1_000 } } },
    })
    const rename = (name: string) => rest.patch(Routes.channel(general), { body: { name } })
    for (const name of ['one', 'two', 'three']) await rename(name)
    expect(mock.limits.counters).toMatchObject({ passed: 3, sub: 1, user: 0 })
    expect(mock.store.channels.get(general)?.name).toBe('three')
  })

  it('waits out a shared limit, which counts against nobody', async () => {
    const { mock, send } = await client()
    mock.limits.forceShared('message-write', 400, general)
    await Promise.all([send('blocked'), send('free', channel2)])
    expect(mock.limits.counters).toMatchObject({ passed: 2, shared: 1, invalid: 0 })
  })

  it('waits out the global limit, told apart by its headers', async () => {
    const { mock, rest } = await client({ limits: { global: { limit: 3, windowMs: 400 } } })
    await Promise.all(
      Array.from({ length: 5 }, (_, index) =>
        rest.get(Routes.channel(String(1_000_000_000_000_000_001n + BigInt(index % 4)))),
      ),
    )
    expect(mock.limits.counters.passed).toBe(5)
    expect(mock.limits.counters.global).toBeGreaterThan(0)
    expect(mock.limits.counters.user).toBe(0)
  })

  it('learns that deletes of one route have buckets of their own', async () => {
    const clock = { now: Date.now() }
    const { mock, rest, send } = await client({ now: () => clock.now })
    const ids = [(await send('a')).id, (await send('b')).id]
    const remove = (id = '') => rest.delete(Routes.channelMessage(general, id))
    await remove(ids[0])
    clock.now += 11_000
    await remove(ids[1])
    expect(mock.limits.counters).toMatchObject({ passed: 4, user: 0 })
  })

  it('tells of the bucket it waits for as the mock told it', async () => {
    const { rest, send } = await client({
      limits: { routes: { 'message-write': { limit: 1, windowMs: 200 } } },
    })
    const waits: RateLimitData[] = []
    rest.on('rateLimited', (data) => waits.push(data))
    await send('one')
    await send('two')
    expect(waits).toMatchObject([{ limit: 1, global: false, majorParameter: general }])
    expect(waits[0]?.hash).toMatch(/^[0-9a-f]{32}$/)
  })

  it('sends again after a 503, and succeeds', async () => {
    const { ends, observe } = noted()
    const replies: (ApiReply | undefined)[] = [{ status: 503, headers: {}, body: '' }]
    const { send, log } = await client(only({ backend: () => replies.shift(), observe }))
    await send('through')
    expect(statuses(ends)).toEqual([503, 200])
    expect(log.size).toBe(1)
  })

  it('gives up after four attempts when it is 503 for ever', async () => {
    const { ends, observe } = noted()
    const { send } = await client(
      only({ backend: () => ({ status: 503, headers: {}, body: '' }), observe }),
    )
    await expect(send('never')).rejects.toMatchObject({ status: 503 })
    expect(statuses(ends)).toEqual([503, 503, 503, 503])
  })

  it('sends once in effect when replies are lost, by its nonce; else as often as it tries', async () => {
    const lost = () => {
      let left = 2
      const lose = () => left-- > 0
      return only({
        outgoing: (_, reply) => (lose() ? { ...reply, status: 502, headers: {}, body: '' } : reply),
      })
    }
    const careful = await client(lost())
    await careful.send('once', general, { nonce: 'n', enforce_nonce: true })
    expect(careful.log.size).toBe(1)
    const careless = await client(lost())
    await careless.send('thrice')
    expect(careless.log.size).toBe(3)
  })

  it('sends again after its connection is reset, and the nonce holds', async () => {
    const { ends, observe } = noted()
    let left = 1
    const { send, log } = await client(
      only({ outgoing: (_, reply) => (left-- > 0 ? 'drop' : reply), observe }),
    )
    await send('once', general, { nonce: 'n', enforce_nonce: true }).catch(() => undefined)
    expect(statuses(ends)[0]).toBe('dropped')
    expect(log.size).toBe(1)
  })

  it('times out when the answer does not come, and the mock notices that it has gone', async () => {
    const gone: boolean[] = []
    const { send } = await client(
      only({
        backend: (request) =>
          new Promise((resolve) => {
            request.gone.addEventListener('abort', () => {
              gone.push(true)
              resolve(undefined)
            })
          }),
      }),
      { timeout: 100, retries: 0 },
    )
    await expect(send('late')).rejects.toThrow()
    await expect.poll(() => gone).toEqual([true])
  })

  it('asks again at once, and for ever, when Cloudflare answers without headers', async () => {
    const { mock, send } = await client()
    mock.limits.ban('127.0.0.1', 3_600_000)
    const sent = send('unheard')
    await expect.poll(() => mock.limits.counters.banned).toBeGreaterThan(20)
    mock.limits.ban('127.0.0.1', 0)
    await sent
  })

  it('loses its token for good after one 401', async () => {
    const { rest, send } = await client({ tokens: ['another'] })
    await expect(send('x')).rejects.toMatchObject({ status: 401 })
    await expect(rest.get(Routes.user())).rejects.toThrow('Expected token to be set')
  })

  it('sees code and errors of an invalid form', async () => {
    const { send } = await client()
    await expect(send('x'.repeat(2_001))).rejects.toMatchObject({
      status: 400,
      code: 50035,
      rawError: { errors: { content: { _errors: [{ code: 'BASE_TYPE_MAX_LENGTH' }] } } },
    })
  })

  it('executes a webhook without a token', async () => {
    const { rest, mock, log } = await client()
    const body = { name: 'news' }
    const hook = (await rest.post(Routes.channelWebhooks(general), { body })) as {
      id: string
      token: string
    }
    const bare = new REST({ api: mock.apiUrl })
    await bare.post(Routes.webhook(hook.id, hook.token), { auth: false, body: { content: 'hi' } })
    expect(log.latest(1)[0]?.data.webhook_id).toBe(hook.id)
  })

  it('finds itself and the gateway', async () => {
    const { rest, mock } = await client()
    expect(await rest.get(Routes.user())).toMatchObject({ bot: true })
    expect(await rest.get(Routes.gatewayBot())).toMatchObject({
      url: mock.url.replace('http', 'ws'),
      session_start_limit: { max_concurrency: 1 },
    })
  })
})
