import { isRetryable } from '@evenkeel/core'
import { manualClock, seededRandom } from '@evenkeel/core/testing'
import { describe, expect, it, vi } from 'vitest'
import {
  createFetch,
  type FetchEvent,
  type FetchOptions,
  type ResilientFetch,
} from '../src/index.ts'
import { failure, limited, url, world } from './world.ts'

const alone = { circuitBreaker: false, rateLimit: false } as const
const reasons = (events: readonly FetchEvent[]): unknown[] =>
  events.flatMap((event) => (event.type === 'gaveUp' ? [event.reason] : []))
const refused = (): Error =>
  Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } })

describe('an answer that says not to try again', () => {
  it.each([
    ['x-should-retry', 'false'],
    ['x-should-retry', 'False'],
    ['x-should-retry', 'false, true'],
    ['stripe-should-retry', 'false'],
    ['grpc-retry-pushback-ms', '-1'],
    ['grpc-retry-pushback-ms', ''],
    ['grpc-retry-pushback-ms', 'soon'],
    ['grpc-retry-pushback-ms', '1.5'],
    ['grpc-retry-pushback-ms', '99999999999'],
  ])('by %s: %s is the caller’s', async (name, value) => {
    const answer = limited(503, { [name]: value })
    const { fetch, sent, events, clock } = world([answer, 200], alone)
    const outcome = fetch(url)
    await clock.runAll()
    expect(await outcome).toBe(answer)
    expect(sent).toHaveLength(1)
    expect(reasons(events)).toEqual(['forbiddenByServer'])
    expect(isRetryable(answer)).toBe(false)
  })

  it('outweighs one that says to', async () => {
    const { fetch, sent, clock } = world([
      limited(503, { 'x-should-retry': 'true', 'stripe-should-retry': 'false' }),
      200,
    ])
    const outcome = fetch(url)
    await clock.runAll()
    expect((await outcome).status).toBe(503)
    expect(sent).toHaveLength(1)
  })

  it.each([
    ['x-should-retry', 'falsehood'],
    ['x-should-retry', '0'],
    ['retry', 'false'],
  ])('says nothing by %s: %s', async (name, value) => {
    const { fetch, sent, clock } = world([limited(503, { [name]: value }), 200])
    const outcome = fetch(url)
    await clock.runAll()
    expect((await outcome).status).toBe(200)
    expect(sent).toHaveLength(2)
  })

  it('counts for the circuit breaker all the same', async () => {
    const { fetch } = world([() => limited(500, { 'x-should-retry': 'false' })])
    for (let call = 0; call < 8; call++) await fetch(url)
    expect((await failure(fetch(url))).code).toBe('CIRCUIT_OPEN')
  })
})

describe('an answer that says to try again', () => {
  const overloaded = (): Response => limited(529, { 'x-should-retry': 'true' })

  it('is tried again, whichever 5xx it is, within all other rules', async () => {
    const { fetch, sent, clock } = world([overloaded, 200])
    const outcome = fetch(url)
    await clock.runAll()
    expect((await outcome).status).toBe(200)
    expect(sent).toHaveLength(2)
    const unsafe = world([overloaded])
    expect((await unsafe.fetch(url, { method: 'POST' })).status).toBe(529)
    expect(unsafe.sent).toHaveLength(1)
    const spent = world([overloaded], { retry: { maxRetries: 1, budget: false } })
    const last = spent.fetch(url)
    await spent.clock.runAll()
    expect(await (await last).text()).toBe('wait')
    expect(spent.sent).toHaveLength(2)
  })

  it('adds no status to those that the app has listed', async () => {
    const { fetch, sent } = world([overloaded, 200], { transientStatuses: [503] })
    expect((await fetch(url)).status).toBe(529)
    expect(sent).toHaveLength(1)
  })

  it.each([200, 404, 409])(
    'is not believed with a %i: a request is its sender’s to mend',
    async (status) => {
      const { fetch, sent } = world([limited(status, { 'x-should-retry': 'true' }), 200])
      expect((await fetch(url)).status).toBe(status)
      expect(sent).toHaveLength(1)
    },
  )

  it.each([
    [{ 'grpc-retry-pushback-ms': '7000' }, 7000],
    [{ 'grpc-retry-pushback-ms': '7000', 'retry-after': '9' }, 9000],
    [{ 'grpc-retry-pushback-ms': '11000', 'retry-after': '9' }, 11_000],
  ] as const)('waits at least as long as it says: %o', async (headers, leastMs) => {
    const { fetch, sent, clock } = world([limited(503, headers), 200], alone)
    const outcome = fetch(url)
    await clock.runAll()
    expect((await outcome).status).toBe(200)
    expect(sent[1]?.atMs).toBeGreaterThanOrEqual(leastMs)
    expect(sent[1]?.atMs).toBeLessThanOrEqual(1.5 * leastMs)
  })
})

describe('the number of the attempt', () => {
  const numbers = async (options: FetchOptions): Promise<unknown[]> => {
    const { fetch, sent, clock } = world([503, 503, 200], options)
    const outcome = fetch(url, { headers: { a: 'b' } })
    await clock.runAll()
    await outcome
    return sent.map(({ init }) => new Headers(init.headers).get('x-attempt'))
  }

  it('goes out with every retry, so that a server can see them', async () => {
    expect(await numbers({})).toEqual([null, '2', '3'])
    expect(await numbers({ attemptHeader: false })).toEqual([null, null, null])
  })

  it('does not in a page unless it is asked for: other origins would be asked first', async () => {
    vi.stubGlobal('location', new URL('https://app.example.com/'))
    try {
      expect(await numbers({})).toEqual([null, null, null])
      expect(await numbers({ attemptHeader: 'X-Attempt' })).toEqual([null, '2', '3'])
    } finally {
      vi.unstubAllGlobals()
    }
  })
})

/** A fetch in a fetch in a fetch, each reached through `wrap`, and what the innermost one sends. */
function nest(
  reply: number | Error,
  wrap: (fetch: ResilientFetch) => typeof globalThis.fetch,
  options: readonly FetchOptions[] = [],
) {
  const clock = manualClock()
  const heard: FetchEvent[][] = [[], [], []]
  const sent: (RequestInit | undefined)[] = []
  const layer = (place: number, fetch: typeof globalThis.fetch): ResilientFetch =>
    createFetch({
      ...alone,
      fetch,
      clock,
      random: seededRandom(place),
      retry: { budget: false },
      onEvent: (event) => heard[place]?.push(event),
      ...options[place],
    })
  const inner = layer(2, async (_, init) => {
    sent.push(init)
    if (reply instanceof Error) throw reply
    return new Response(`${reply}`, { status: reply })
  })
  return { clock, fetch: layer(0, wrap(layer(1, wrap(inner)))), heard, sent }
}

describe('a fetch of evenkeel in another', () => {
  const wrappers: Record<string, (fetch: ResilientFetch) => typeof globalThis.fetch> = {
    itself: (fetch) => fetch,
    'a function': (fetch) => (input, init) => fetch(input, init),
    'one that makes its own init': (fetch) => (input, init) =>
      fetch(input, { method: init?.method ?? 'GET', signal: init?.signal ?? null }),
  }
  for (const [name, wrap] of Object.entries(wrappers))
    it(`through ${name}: makes four attempts in all, the outermost’s`, async () => {
      const { fetch, heard, sent, clock } = nest(503, wrap)
      const outcome = fetch(url)
      await clock.runAll()
      expect(await (await outcome).text()).toBe('503')
      expect(sent).toHaveLength(4)
      expect(heard.map(reasons)).toEqual([
        ['retriesExhausted'],
        Array(4).fill('retriedOutside'),
        Array(4).fill('retriedOutside'),
      ])
    })

  it('makes them too where the network fails', async () => {
    const { fetch, sent, clock } = nest(refused(), (inner) => inner)
    const error = failure(fetch(url, { method: 'POST', body: 'x' }))
    await clock.runAll()
    expect((await error).message).toBe('fetch failed')
    expect(sent).toHaveLength(4)
    expect(isRetryable(await error)).toBe(false)
  })

  it('makes them, the innermost’s, when a wrapper lets nothing through but the answer', async () => {
    for (const reply of [503, refused()]) {
      const { fetch, heard, sent, clock } = nest(reply, (inner) => (input) => inner(input))
      const outcome = fetch(url).catch((error) => error)
      await clock.runAll()
      expect(isRetryable(await outcome)).toBe(false)
      expect(sent).toHaveLength(4)
      expect(heard.map(reasons)).toEqual([
        ['givenUpInside'],
        ['givenUpInside'],
        ['retriesExhausted'],
      ])
    }
  })

  it('hands on who retries through one that does not', async () => {
    const { fetch, sent, clock } = nest(503, (inner) => inner, [{}, { retry: false }])
    const outcome = fetch(url)
    await clock.runAll()
    expect((await outcome).status).toBe(503)
    expect(sent).toHaveLength(4)
  })

  it('retries itself inside one that does not', async () => {
    for (const retry of [false, { maxRetries: 0 }] as const) {
      const { fetch, sent, clock } = nest(503, (inner) => inner, [{ retry }, { retry }])
      const outcome = fetch(url)
      await clock.runAll()
      expect((await outcome).status).toBe(503)
      expect(sent).toHaveLength(4)
    }
  })

  it('leaves an attempt that took too long to the outer one', async () => {
    const clock = manualClock()
    let sent = 0
    const inner = createFetch({
      clock,
      attemptTimeoutMs: 1000,
      fetch: async (_, init) => {
        if (++sent > 1) return new Response('ok')
        return new Promise((_, reject) => {
          init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
        })
      },
    })
    const outer = createFetch({ clock, fetch: inner })
    const outcome = outer(url)
    await clock.runAll()
    expect((await outcome).status).toBe(200)
    expect(sent).toBe(2)
  })

  it('numbers the attempts of the outermost', async () => {
    const { fetch, sent, clock } = nest(503, (inner) => inner)
    const outcome = fetch(url)
    await clock.runAll()
    await outcome
    expect(sent.map((init) => new Headers(init?.headers).get('x-attempt'))).toEqual([
      null,
      '2',
      '3',
      '4',
    ])
  })
})

describe('a loop around a fetch', () => {
  it('that says so is the one that retries', async () => {
    const { fetch, sent, events } = world([503], alone)
    const one = fetch.with({ isRetried: true })
    const answers = [await one(url), await fetch(url, { evenkeel: { isRetried: true } })]
    expect(answers.map(({ status }) => status)).toEqual([503, 503])
    expect(answers.map(isRetryable)).toEqual([true, true])
    expect(sent).toHaveLength(2)
    expect(reasons(events)).toEqual(['retriedOutside', 'retriedOutside'])
  })

  it('can see by an answer, or an error made of it, that nobody should start over', async () => {
    const { fetch, clock } = world([503], { ...alone, retry: { budget: false } })
    const outcome = fetch(url)
    await clock.runAll()
    const response = await outcome
    expect(isRetryable(response)).toBe(false)
    expect(isRetryable(new Error('no answer', { cause: response }))).toBe(false)
  })

  it('can try again what this side refused to send', async () => {
    const { fetch } = world([500])
    for (let call = 0; call < 8; call++) await fetch(url, { method: 'POST' })
    const error = await failure(fetch(url, { method: 'POST' }))
    expect([error.code, isRetryable(error)]).toEqual(['CIRCUIT_OPEN', true])
  })
})
