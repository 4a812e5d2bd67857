import { inspect } from 'node:util'
import { isTransient, reached } from '@evenkeel/core'
import { describe, expect, it, vi } from 'vitest'
import { type FetchEvent, HttpStatusError, peekJson } from '../src/index.ts'
import { failure, limited, url, world } from './world.ts'

const withCode = (code: string): Error =>
  Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(code), { code }) })

async function seenBy(error: Error): Promise<{
  readonly attempts: number
  readonly failed: Extract<FetchEvent, { type: 'failed' }>
}> {
  const { fetch, sent, clock, events } = world([error])
  const outcome = failure(fetch(url, { method: 'POST' }))
  await clock.runAll()
  expect(await outcome).toBe(error)
  return {
    attempts: sent.length,
    failed: events.find(({ type }) => type === 'failed') as Extract<FetchEvent, { type: 'failed' }>,
  }
}

describe('what a failed fetch tells the policies', () => {
  for (const code of [
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'UND_ERR_CONNECT_TIMEOUT',
  ])
    it(`${code}: nothing was sent, so even a POST is sent again`, async () => {
      const { attempts, failed } = await seenBy(withCode(code))
      expect(attempts).toBe(4)
      expect(reached(failed.error)).toBe('no')
    })

  for (const code of ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_TIMEOUT'])
    it(`${code}: nobody knows, so a POST is not sent again`, async () => {
      const { attempts, failed } = await seenBy(withCode(code))
      expect(attempts).toBe(1)
      expect(reached(failed.error)).toBe('maybe')
      expect(isTransient(failed.error)).toBe(true)
    })

  it('takes what browsers throw for a network that failed', async () => {
    for (const message of ['Failed to fetch', 'fetch failed']) {
      const { failed } = await seenBy(new TypeError(message))
      expect(isTransient(failed.error)).toBe(true)
    }
  })

  it('knows that nothing was sent by who was offline when it began, not when it failed', async () => {
    const platform = { onLine: false }
    vi.stubGlobal('navigator', platform)
    try {
      const error = new TypeError('Failed to fetch')
      const begunOffline = world([error, 200])
      const mended = begunOffline.fetch(url, { method: 'POST' })
      await begunOffline.clock.runAll()
      expect((await mended).status).toBe(200)

      platform.onLine = true
      const cutOff = world([
        () => {
          platform.onLine = false
          throw error
        },
      ])
      const lost = failure(cutOff.fetch(url, { method: 'POST' }))
      await cutOff.clock.runAll()
      expect(await lost).toBe(error)
      expect(cutOff.sent).toHaveLength(1)
    } finally {
      vi.unstubAllGlobals()
    }
  })

  it('does not repeat a redirect loop, a bad certificate or a bug', async () => {
    const loop = Object.assign(new TypeError('fetch failed'), {
      cause: new Error('redirect count exceeded'),
    })
    for (const error of [
      loop,
      withCode('CERT_HAS_EXPIRED'),
      new TypeError('x is not a function'),
    ]) {
      const { fetch, sent, clock } = world([error])
      const outcome = failure(fetch(url))
      await clock.runAll()
      expect(await outcome).toBe(error)
      expect(sent).toHaveLength(1)
    }
  })

  it('takes the codes of Bun and of node-fetch, which have no cause', async () => {
    const refused = Object.assign(new Error('Unable to connect'), { code: 'ConnectionRefused' })
    expect((await seenBy(refused)).attempts).toBe(4)
    const reset = Object.assign(new Error('reset'), { name: 'FetchError', code: 'ECONNRESET' })
    expect((await seenBy(reset)).attempts).toBe(1)
  })

  it('hands on whatever was thrown, even what is no error', async () => {
    const unprintable = Object.defineProperty(new Error(), 'message', {
      get() {
        throw new Error('no message')
      },
    })
    const hostile = new Proxy(
      {},
      {
        get() {
          throw new Error('no property')
        },
      },
    )
    const bare = Object.assign(Object.create(null), { code: Object.create(null) })
    for (const thrown of [
      'boom',
      undefined,
      null,
      Symbol('x'),
      Object.freeze({}),
      Object.freeze(new Error('frozen')),
      7,
      bare,
      unprintable,
      hostile,
    ]) {
      const { fetch, clock } = world([() => Promise.reject(thrown) as never])
      const outcome = fetch(url, { method: 'POST' }).then(
        () => 'resolved',
        (error) => ({ error }),
      )
      await clock.runAll()
      const ended = await outcome
      expect(ended).not.toBe('resolved')
      expect((ended as { error: unknown }).error === thrown).toBe(true)
    }
  })
})

describe('statuses', () => {
  for (const status of [408, 425, 429, 500, 502, 503, 504])
    it(`repeats a GET after a ${status}`, async () => {
      const { fetch, sent, clock } = world([status, 200])
      const outcome = fetch(url)
      await clock.runAll()
      expect((await outcome).status).toBe(200)
      expect(sent).toHaveLength(2)
    })

  for (const status of [400, 401, 403, 404, 409, 410, 422, 501, 505])
    it(`returns a ${status} as it is`, async () => {
      const { fetch, sent, clock } = world([status])
      const outcome = fetch(url)
      await clock.runAll()
      expect((await outcome).status).toBe(status)
      expect(sent).toHaveLength(1)
    })

  it('leaves a 408 to browsers, which send the request again themselves', async () => {
    vi.stubGlobal('document', {})
    const { fetch, sent } = world([408, 200])
    vi.unstubAllGlobals()
    expect((await fetch(url)).status).toBe(408)
    expect(sent).toHaveLength(1)
  })

  it.each([
    [425, 'no'],
    [429, 'yes'],
    [502, 'yes'],
    [503, 'yes'],
    [504, 'maybe'],
  ] as const)('says of a %i how far the request may have got: %s', async (status, far) => {
    const { fetch, events, clock } = world([status], { retry: false })
    const outcome = fetch(url, { method: 'POST' })
    await clock.runAll()
    await outcome
    const failed = events.find(({ type }) => type === 'attemptFailed')
    expect(reached((failed as { error: unknown }).error)).toBe(far)
  })

  it('leaves a body that lies about its type to its reader', async () => {
    const { fetch, clock } = world(
      [
        () =>
          new Response('<html>', { status: 503, headers: { 'content-type': 'application/json' } }),
      ],
      { readRetryAfterBody: peekJson, retry: false },
    )
    const outcome = fetch(url)
    await clock.runAll()
    expect((await outcome).status).toBe(503)
    expect(await (await outcome).text()).toBe('<html>')
  })

  it('goes by the headers when the reader of bodies fails', async () => {
    const { fetch, sent, clock } = world([limited(429, { 'retry-after': '5' }), 200], {
      readRetryAfterBody: () => Promise.reject(new Error('a reader with a bug')),
    })
    const outcome = fetch(url)
    await clock.runAll()
    expect((await outcome).status).toBe(200)
    expect(sent[1]?.atMs).toBeGreaterThanOrEqual(5000)
  })

  it('takes the longer of a header and a body, where the body is asked for', async () => {
    const { fetch, sent, clock } = world(
      [
        () =>
          new Response('{"retry_after": 60}', {
            status: 429,
            headers: { 'retry-after': '5', 'content-type': 'application/json' },
          }),
        () => new Response('ok'),
      ],
      { readRetryAfterBody: peekJson },
    )
    const outcome = fetch(url, { evenkeel: { totalTimeoutMs: 600_000 } })
    await clock.runAll()
    expect((await outcome).status).toBe(200)
    expect(sent[1]?.atMs).toBeGreaterThanOrEqual(60_000)
  })
})

describe('secrets', () => {
  it('show nowhere in errors and events', async () => {
    const { fetch, events, clock } = world([limited(429, { 'retry-after': '9999' })])
    const outcome = failure(
      fetch(
        `https://user:PASS@api.example.com/path/${'TOKEN'.repeat(14)}?access_token=QUERY#HASH`,
        {
          method: 'PUT',
          headers: { authorization: 'AUTH', cookie: 'COOKIE' },
          body: 'BODY',
        },
      ),
    )
    await clock.runAll()
    const error = await outcome
    expect(error.cause).toBeInstanceOf(HttpStatusError)
    const printed = [
      error.message,
      error.stack,
      inspect(error, { depth: 9, showHidden: false }),
      JSON.stringify(error),
      JSON.stringify(error.cause),
      JSON.stringify(events),
      events.map((event) => ('call' in event ? event.call.url : '')).join(),
    ].join()
    for (const secret of ['PASS', 'TOKEN', 'QUERY', 'HASH', 'AUTH', 'COOKIE', 'BODY'])
      expect(printed).not.toContain(secret)
  })
})
