import { setImmediate } from 'node:timers/promises'
import { type Clock, systemClock } from '@evenkeel/core'
import { manualClock } from '@evenkeel/core/testing'
import { createFetch, type FetchEvent, type FetchOptions } from '@evenkeel/fetch'
import { discord } from '@evenkeel/fetch/discord'
import { describe, expect, it } from 'vitest'
import { startIncident } from '../src/index.ts'
import type { Outcome } from '../src/machinery.ts'
import type { MockOptions } from '../src/start-mock.ts'
import { general, only, started } from './started.ts'

const channelId = (index: number): string => String(BigInt(general) + BigInt(index))

/** Our fetch with the preset, at a mock, and what it went through. */
async function client(
  options: MockOptions = {},
  more: FetchOptions = {},
  preset: FetchOptions = discord(),
) {
  const mock = await started(options)
  const events: FetchEvent[] = []
  const fetch = createFetch({ ...preset, onEvent: (event) => events.push(event), ...more })
  const call = (method: string, path: string, body?: object, init: object = {}) =>
    fetch(`${mock.apiUrl}/v10${path}`, {
      method,
      headers: { authorization: 'Bot any', 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
      ...init,
    })
  const send = (content: unknown, channel = general, body = {}, init = {}) =>
    call('POST', `/channels/${channel}/messages`, { content: `${content}`, ...body }, init)
  const log = (channel = general) => mock.store.messages(channel)
  return { mock, fetch, events, call, send, log }
}

/** The real clock, but every wait takes a hundredth of its time. */
const hurried: Clock = {
  now: () => systemClock.now() * 100,
  wallNow: () => systemClock.wallNow(),
  scheduleAt: (atMs, callback) => systemClock.scheduleAt(atMs / 100, callback),
}

const sleep = (delayMs: number) => new Promise((resolve) => setTimeout(resolve, delayMs))

const perSecond = (limit: number): MockOptions['limits'] => ({
  routes: { 'message-write': { limit, windowMs: 1000 } },
})

const statusOf = (outcome: Promise<Response>): Promise<unknown> =>
  outcome.then(
    ({ status }) => status,
    (error) => error.code ?? error.name,
  )

describe('createFetch with discord()', () => {
  it('sends forty to one channel as fast as its bucket allows, and draws no 429', async () => {
    let [arrived, underWay, peak] = [0, 0, 0]
    let open: () => void = () => {}
    const allArrived = new Promise<void>((resolve) => (open = resolve))
    const { machinery } = only({
      async backend() {
        const isFirst = ++arrived === 1
        if (arrived === 40) open()
        peak = Math.max(peak, ++underWay)
        await sleep(100)
        // None of the rest is answered before all are here: whoever sends fewer at once waits for ever.
        if (!isFirst) await allArrived
        underWay--
        return undefined
      },
    })
    const { mock, send, log } = await client({ machinery, limits: perSecond(50) })
    const startMs = performance.now()
    const statuses = await Promise.all(Array.from({ length: 40 }, (_, n) => statusOf(send(n))))
    console.info(`40 sends to one channel: ${Math.round(performance.now() - startMs)} ms`)
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(mock.limits.counters).toMatchObject({ passed: 40, user: 0, global: 0, invalid: 0 })
    // The first goes alone and learns the bucket: all that are left of it then go at once.
    expect(peak).toBe(39)
    expect(log().size).toBe(40)
  })

  it('sends a burst of twelve without a single 429, five in each window', async () => {
    const limits = { routes: { 'message-write': { limit: 5, windowMs: 400 } } }
    const { mock, send, events } = await client({ limits })
    const statuses = await Promise.all(Array.from({ length: 12 }, (_, n) => statusOf(send(n))))
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(mock.limits.counters).toMatchObject({ passed: 12, user: 0, invalid: 0 })
    expect(events.filter(({ type }) => type === 'attemptStarted')).toHaveLength(12)
  })

  it('holds calls that come while the bucket is being learned, in their order', async () => {
    const limits = { routes: { 'message-write': { limit: 5, windowMs: 400 } } }
    const { machinery } = only({ backend: () => sleep(30).then(() => undefined) })
    const { mock, send, events } = await client({ machinery, limits })
    const post = (n: number) => send(n, general, {}, { evenkeel: { tag: n } })
    const early = Array.from({ length: 8 }, (_, n) => post(n))
    await early[0]
    const late = Array.from({ length: 8 }, (_, n) => post(n + 8))
    const statuses = await Promise.all([...early, ...late].map(statusOf))
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(mock.limits.counters).toMatchObject({ passed: 16, user: 0, invalid: 0 })
    const order = events.flatMap((event) =>
      event.type === 'attemptStarted' ? [event.call.tag] : [],
    )
    expect(order).toEqual(Array.from({ length: 16 }, (_, n) => n))
  })

  it('parks one resource alone for a limit that all share, which counts against nobody', async () => {
    const { mock, send, events } = await client()
    mock.limits.forceShared('message-write', 400, general)
    const order: string[] = []
    const parked = send('blocked')
    parked.then(() => order.push('blocked'))
    await send('free', channelId(1)).then(() => order.push('free'))
    expect((await parked).status).toBe(200)
    expect(order).toEqual(['free', 'blocked'])
    expect(mock.limits.counters).toMatchObject({ passed: 2, shared: 1, invalid: 0 })
    expect(events.filter(({ type }) => type === 'cooldownStarted')).toHaveLength(0)
  })

  it('waits out a limit hidden below a bucket, whatever that has left', async () => {
    const { mock, call } = await client({
      limits: { routes: { 'channel-name-topic': { limit: 2, windowMs: 1000 } } },
    })
    for (const name of ['one', 'two', 'three'])
      expect((await call('PATCH', `/channels/${general}`, { name })).status).toBe(200)
    expect(mock.limits.counters).toMatchObject({ passed: 3, sub: 1, user: 0 })
    expect(mock.store.channels.get(general)?.name).toBe('three')
  })

  it.each(['fixed', 'sliding'] as const)(
    'keeps within the global limit (%s) over forty channels',
    async (algorithm) => {
      // One clock for both, which stands still while a request is on its way: it arrives when it was sent.
      const clock = manualClock()
      let underWay = 0
      const { mock, send } = await client(
        {
          now: () => clock.wallNow(),
          store: { textChannels: 40 },
          limits: { global: { limit: 30, windowMs: 1000, algorithm } },
        },
        {
          clock,
          fetch: (input, init) => {
            underWay++
            return fetch(input, init).finally(() => underWay--)
          },
        },
        discord({ globalPerSecond: 30, clock }),
      )
      let left = 80
      const ends = Array.from({ length: 80 }, (_, n) =>
        statusOf(send(n, channelId(n % 40))).finally(() => left--),
      )
      while (left > 0) {
        await setImmediate()
        if (underWay === 0) await clock.advance(10)
      }
      expect(new Set(await Promise.all(ends))).toEqual(new Set([200]))
      expect(mock.limits.counters).toMatchObject({ passed: 80, user: 0, global: 0, invalid: 0 })
      console.info(`80 sends at 30 a second (${algorithm}): ${clock.now()} ms`)
    },
  )

  it('waits out a global 429 that another process of the same bot has caused', async () => {
    const { mock, send } = await client({ limits: { global: { limit: 3, windowMs: 500 } } })
    const other = createFetch(discord())
    const elsewhere = Array.from({ length: 3 }, () =>
      other(`${mock.apiUrl}/v10/users/@me`, { headers: { authorization: 'Bot any' } }),
    )
    await Promise.all(elsewhere)
    expect((await send('after')).status).toBe(200)
    expect(mock.limits.counters.passed).toBe(4)
    expect(mock.limits.counters.global).toBeLessThanOrEqual(1)
  })

  it('asks a bounded number of times, each longer after the last, where a 429 says nothing', async () => {
    const waits: number[][] = []
    for (let client = 0; client < 3; client++) {
      const mock = await startIncident()
      mock.machinery.act({ fault: { fault: { kind: 'cloudflare' } } })
      const own: number[] = []
      const fetch = createFetch({
        ...discord({ clock: hurried }),
        clock: hurried,
        onEvent: (event) => event.type === 'cooldownStarted' && own.push(event.waitMs),
      })
      const gateway = `${mock.apiUrl}/v10/gateway`
      for (let call = 0; call < 3; call++)
        expect([429, 'RETRY_BUDGET_EXHAUSTED', 'COOLDOWN_TOO_LONG', 'DEADLINE_EXCEEDED']).toContain(
          await statusOf(fetch(gateway)),
        )
      const { requests } = mock.machinery.metrics.snapshot()
      await mock.close()
      expect(requests).toBeGreaterThanOrEqual(4)
      expect(requests).toBeLessThanOrEqual(8)
      for (const [index, waitMs] of own.entries()) {
        const baseMs = Math.min(60_000, 1000 * 2 ** index)
        expect(waitMs).toBeGreaterThanOrEqual(baseMs)
        expect(waitMs).toBeLessThanOrEqual(baseMs * 1.5)
      }
      expect(own.length).toBeGreaterThanOrEqual(4)
      waits.push(own)
    }
    expect(new Set(waits.map(([first]) => first)).size).toBe(3)
  })

  it('spends no more than its budget when every answer is a 503 for ever', async () => {
    let requests = 0
    const { call } = await client(
      only({ backend: () => ({ status: 503, headers: {}, body: '' }), observe: () => requests++ }),
      { clock: hurried, circuitBreaker: false, retry: {} },
      discord({ clock: hurried }),
    )
    for (let n = 0; n < 50; n++)
      expect([503, 'RETRY_BUDGET_EXHAUSTED']).toContain(await statusOf(call('GET', '/users/@me')))
    // Four retries of the banked token; what fails earns none.
    expect(requests).toBe(50 + 4)
  })

  it('is of one effect when replies are lost twice: by its nonce, or by one attempt', async () => {
    const ends: Outcome[] = []
    const lost = () => {
      let left = 2
      return only({
        outgoing: (_, reply) => (left-- > 0 ? 'drop' : reply),
        observe: (_, outcome) => void ends.push(outcome),
      })
    }
    const hasty = { clock: hurried, retry: { budget: false } } as const
    const keyed = await client(lost(), hasty, discord({ clock: hurried }))
    const body = { nonce: 'n', enforce_nonce: true }
    const init = { evenkeel: { idempotent: true } }
    expect((await keyed.send('once', general, body, init)).status).toBe(200)
    expect(ends.map(({ status }) => status)).toEqual(['dropped', 'dropped', 200])
    expect(keyed.log().size).toBe(1)

    ends.length = 0
    const plain = await client(lost(), hasty, discord({ clock: hurried }))
    expect(await statusOf(plain.send('once'))).toBe('TypeError')
    expect(ends).toHaveLength(1)
    expect(plain.log().size).toBe(1)

    ends.length = 0
    const thrifty = await client(lost(), { clock: hurried, retry: {} }, discord({ clock: hurried }))
    await statusOf(thrifty.send('once', general, body, init))
    expect(ends).toHaveLength(2)
    expect(thrifty.log().size).toBe(1)
  })

  it('ends a wait for the bucket at once when it is aborted, and sends nothing', async () => {
    const limits = { routes: { 'message-write': { limit: 1, windowMs: 50_000 } } }
    const { mock, send, fetch } = await client({ limits })
    await send('one')
    const controller = new AbortController()
    const { signal } = controller
    const parked = send('two', general, {}, { signal })
    const key = mock.url
    expect(fetch.policies.rateLimit?.state(key).queued).toBe(1)
    controller.abort('enough')
    await expect(parked).rejects.toBe('enough')
    expect(fetch.policies.rateLimit?.state(key).queued).toBe(0)
    expect(mock.limits.counters).toMatchObject({ passed: 1, user: 0 })
  })

  it('stops well before Discord’s ban when its token is no good', async () => {
    const { mock, call } = await client({ tokens: ['good'] }, {}, discord({ globalPerSecond: 1e6 }))
    const ends = new Map<unknown, number>()
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        for (let n = 0; n < 330; n++) {
          const end = await statusOf(call('GET', '/users/@me'))
          ends.set(end, (ends.get(end) ?? 0) + 1)
        }
      }),
    )
    expect([...ends.keys()]).toEqual([401, 'TOO_MANY_INVALID'])
    expect(mock.limits.counters.invalid).toBeGreaterThanOrEqual(5000)
    expect(mock.limits.counters.invalid).toBeLessThanOrEqual(5015)
    expect(mock.limits.counters).toMatchObject({ bans: 0, banned: 0 })
  })
})
