import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { peekJson } from '../src/index.ts'
import { failure, limited, url, type World, world } from './world.ts'

const start = Date.UTC(2022, 0, 25, 16, 47)
const imf = (ms: number): string => new Date(ms).toUTCString()
/** `Tue Jan 25 16:48:00 2022`, as C prints it. */
const asctime = (ms: number): string =>
  imf(ms).replace(/(\w+), (\d+) (\w+) (\d+) (\S+) GMT/, '$1 $3 $2 $5 $4')
const rfc850 = (ms: number): string =>
  imf(ms).replace(/\w+, (\d+) (\w+) \d\d(\d\d)/, 'Tuesday, $1-$2-$3')

/** What a call does about a 429 with these headers: when it tries again, or the code it ends with. */
async function waitAfter(headers: Record<string, string>, body = 'wait'): Promise<number | string> {
  const { fetch, sent, clock }: World = world(
    [() => new Response(body, { status: 429, headers }), 200],
    { readRetryAfterBody: peekJson, totalTimeoutMs: 600_000 },
  )
  const outcome = fetch(url).then(
    ({ status }) => status,
    ({ code }) => code as string,
  )
  await clock.runAll()
  const ended = await outcome
  expect(clock.pending).toBe(0)
  return ended === 200 ? (sent[1]?.atMs as number) : `${ended} after ${sent.length}`
}

/** The wait without a word from the server: a second, and up to half of it more. */
const ownMs = [1000, 1500 * 1.5] as const
/** A server's wait is only ever lengthened: by the retry, and by the cooldown of the key. */
const lengthened = (waitMs: number): readonly [number, number] => [
  waitMs,
  waitMs + 2 * Math.min(waitMs / 2, 30_000) + 500,
]

async function expectWait(
  headers: Record<string, string>,
  [from, to]: readonly [number, number],
  body?: string,
): Promise<void> {
  const wait = await waitAfter(headers, body)
  expect(wait).toBeGreaterThanOrEqual(from)
  expect(wait).toBeLessThanOrEqual(to)
}

afterEach(() => vi.unstubAllEnvs())

describe('a wait that an answer states', () => {
  const cooldownsAfter = async (status: number, headers: Record<string, string>) => {
    const { fetch, events } = world([limited(status, headers)], { retry: false })
    await fetch(url)
    const { cooldownMs = 0 } = fetch.policies.rateLimit?.state(new URL(url).origin) ?? {}
    return { cooldownMs, told: events.filter(({ type }) => type === 'limited').length }
  }

  it.each([
    [429, { 'retry-after': '7' }],
    [500, { 'retry-after': '7' }],
    [502, { 'retry-after': '7' }],
    [503, { 'retry-after': '7' }],
    [504, { 'retry-after': '7' }],
    [500, { 'grpc-retry-pushback-ms': '7000' }],
    [500, { 'grpc-retry-pushback-ms': '7000', 'retry-after': '2' }],
  ])('holds every call to its origin, and is told once: %d, %j', async (status, headers) => {
    const { cooldownMs, told } = await cooldownsAfter(status, headers)
    expect(cooldownMs).toBeGreaterThanOrEqual(7000)
    expect(cooldownMs).toBeLessThanOrEqual(10_500)
    expect(told).toBe(1)
  })

  it('holds nothing where there is none, unless it is a 429', async () => {
    expect(await cooldownsAfter(503, {})).toEqual({ cooldownMs: 0, told: 0 })
    expect((await cooldownsAfter(429, {})).cooldownMs).toBeGreaterThanOrEqual(1000)
  })
})

describe('Retry-After', () => {
  it.each([
    ['  7 ', 7000],
    ['007', 7000],
    ['1.5', 1500],
    ['7, 9', 9000],
    ['7', 7000],
    [imf(start + 60_000), 60_000],
    [rfc850(start + 60_000), 60_000],
    [asctime(start + 60_000), 60_000],
    [imf(start + 60_000).replace('Tue', 'Fri'), 60_000],
  ])('%j is waited for, and never less', async (value, waitMs) => {
    await expectWait({ 'retry-after': value }, lengthened(waitMs))
  })

  it('on two lines counts as the longer', async () => {
    const headers = new Headers([
      ['retry-after', '7'],
      ['retry-after', '9'],
    ])
    await expectWait(Object.fromEntries(headers), lengthened(9000))
  })

  it.each([
    '-5',
    '1e12',
    '0x10',
    '+5',
    '120s',
    'Infinity',
    'NaN',
    '',
    '٧',
    '1,000,000,',
    'Wed, 99 Foo 2099 99:99:99 GMT',
    new Date(start + 60_000).toISOString(),
    '9'.repeat(8192),
    '1,'.repeat(4096),
  ])('%j says nothing, so the wait is our own', async (value) => {
    const ascii = value === '٧' ? new TextDecoder('latin1').decode(Buffer.from(value)) : value
    await expectWait({ 'retry-after': ascii }, ownMs)
  })

  it.each(['0', 'Wed, 21 Oct 2015 07:28:00 GMT'])(
    '%j still leaves the server a moment',
    async (value) => {
      await expectWait({ 'retry-after': value }, ownMs)
    },
  )

  it.each(['9999999999', '2592000', '8589935.592', imf(start + 86_400_000)])(
    '%j is too long to wait for: the call ends now, after one request',
    async (value) => {
      expect(await waitAfter({ 'retry-after': value })).toBe('RETRY_AFTER_TOO_LONG after 1')
    },
  )

  it('too long to wait for says when to come back, in milliseconds and as a date', async () => {
    const { fetch, clock } = world([limited(429, { 'retry-after': '2592000' })])
    const error = failure(fetch(url))
    await clock.runAll()
    expect(await error).toMatchObject({ retryAfterMs: 2_592_000_000 })
    expect((await error).retryAt?.getTime()).toBe(clock.wallNow() + 2_592_000_000)
  })

  it('of 0 for ever is asked a bounded number of times, each a moment apart', async () => {
    const { fetch, sent, clock } = world([() => limited(429, { 'retry-after': '0' })], {
      retry: { budget: false },
    })
    const outcome = fetch(url)
    await clock.runAll()
    expect((await outcome).status).toBe(429)
    expect(sent).toHaveLength(4)
    for (let index = 1; index < 4; index++) {
      const gapMs = (sent[index]?.atMs as number) - (sent[index - 1]?.atMs as number)
      expect(gapMs).toBeGreaterThanOrEqual(1000)
    }
  })

  it.each([
    ['an hour ahead', 3_600_000],
    ['an hour behind', -3_600_000],
    ['a day ahead', 86_400_000],
    ['a day behind', -86_400_000],
  ])('as a date is read by the clock of a server that is %s', async (_, skewMs) => {
    const date = imf(start + skewMs)
    const headers = { date, 'retry-after': imf(start + skewMs + 5000) }
    await expectWait(headers, lengthened(5000))
  })

  it.each([{}, { date: 'x' }])(
    'as a date without a good Date is read by our clock, within bounds',
    async (headers) => {
      const behind = { ...headers, 'retry-after': imf(start - 3_600_000 + 5000) }
      await expectWait(behind, ownMs)
      const ahead = { ...headers, 'retry-after': imf(start + 3_600_000 + 5000) }
      expect(await waitAfter(ahead)).toBe('RETRY_AFTER_TOO_LONG after 1')
    },
  )

  it('in the form of asctime is UTC, wherever the client is', async () => {
    vi.stubEnv('TZ', 'America/New_York')
    expect(new Date(start).getTimezoneOffset()).toBe(300)
    await expectWait({ 'retry-after': asctime(start + 60_000) }, lengthened(60_000))
  })

  it('of a success is nobody’s wait', async () => {
    const { fetch, sent, clock } = world([
      () => new Response('ok', { headers: { 'retry-after': '60' } }),
    ])
    await fetch(url)
    await fetch(url)
    expect(sent.map(({ atMs }) => atMs)).toEqual([0, 0])
    expect(clock.now()).toBe(0)
  })
})

describe('rate-limit fields', () => {
  it.each([
    [{ 'ratelimit-reset': '30' }, 30_000],
    [{ 'ratelimit-reset': String(start + 60_000) }, 60_000],
    [{ 'ratelimit-reset': String(start / 1000 + 60) }, 60_000],
    [{ 'x-ratelimit-reset': '30' }, 30_000],
    [{ 'x-ratelimit-reset-after': '2.5' }, 2500],
    [{ ratelimit: '"default";r=0;t=30' }, 30_000],
    [{ ratelimit: '"a";r=0;t=5, "b";r=0;t=30' }, 30_000],
    [{ 'retry-after': '5', 'ratelimit-reset': '90' }, 5000],
  ])('%j are waited for', async (headers, waitMs) => {
    await expectWait(headers as unknown as Record<string, string>, lengthened(waitMs))
  })

  it.each([
    '"a";t=-1',
    '"a";r=0;t=',
    '"a";r=0;t=9999999999999999',
    '"a;r=0;t=5',
    '"a";r=0;t=5, "b";r=0;t=-1',
  ])('RateLimit: %j is dropped whole', async (ratelimit) => {
    await expectWait({ ratelimit }, ownMs)
  })

  it('with requests left are no wait: a 502 with an hour to the reset is tried soon', async () => {
    const headers = { 'x-ratelimit-remaining': '4998', 'x-ratelimit-reset': '3600' }
    const { fetch, sent, clock } = world([limited(502, headers), 200])
    const outcome = fetch(url)
    await clock.runAll()
    expect((await outcome).status).toBe(200)
    expect(sent[1]?.atMs).toBeLessThanOrEqual(1000)
  })
})

describe('retry_after in a body', () => {
  const json = { 'content-type': 'application/json', 'retry-after': '5' }

  it('counts when it is longer than the header', async () => {
    await expectWait(json, lengthened(60_000), '{"retry_after": 60}')
    await expectWait(json, lengthened(5000), '{"retry_after": 0.5}')
  })

  it.each([
    '<html>',
    '{"retry_after": 60',
    '{"retry_after": "soon"}',
    '{"retry_after": -1}',
    '{"retry_after": 1e999}',
    '{"__proto__": {"retry_after": 60}}',
    'null',
    '[]',
    '',
  ])('%j is left aside', async (body) => {
    await expectWait(json, lengthened(5000), body)
  })

  it('is not looked for in a body that is long, and the caller still gets every byte', async () => {
    const body = `{"retry_after": 60, "padding": "${'x'.repeat(500_000)}"}`
    for (const headers of [json, { ...json, 'content-length': String(body.length) }]) {
      const { fetch, clock, events } = world([() => new Response(body, { status: 429, headers })], {
        readRetryAfterBody: peekJson,
        retry: false,
      })
      const outcome = fetch(url)
      await vi.waitFor(async () => {
        await clock.advance(0)
        expect(events.at(-1)?.type).toBe('failed')
      })
      expect(events.find(({ type }) => type === 'limited')).toMatchObject({ retryAfterMs: 5000 })
      expect(await (await outcome).text()).toBe(body)
    }
  })
})

describe('whatever a server says', () => {
  it('ends in an answer or a named refusal, never in an early request', async () => {
    const value = fc.oneof(
      fc.string(),
      fc.integer().map(String),
      fc.double().map(String),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
      fc.stringMatching(/^[0-9,;="a-z -]{0,40}$/),
    )
    const legal = value.map((text) => text.replace(/[^\x20-\x7e]/g, '?'))
    const name = fc.constantFrom(
      'retry-after',
      'date',
      'age',
      'ratelimit',
      'ratelimit-policy',
      'ratelimit-reset',
      'x-ratelimit-reset',
      'x-ratelimit-reset-after',
      'x-ratelimit-remaining',
    )
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, legal, { noNullPrototype: true }), async (headers) => {
        const wait = await waitAfter(headers)
        if (typeof wait === 'string')
          expect(wait).toMatch(
            /^(RETRY_AFTER_TOO_LONG|DEADLINE_EXCEEDED|COOLDOWN_TOO_LONG) after 1$/,
          )
        else expect(wait).toBeGreaterThan(0)
      }),
      { seed: 7, numRuns: 500 },
    )
  })
})
