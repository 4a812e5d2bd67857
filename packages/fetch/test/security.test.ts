import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import {
  type FetchEvent,
  peekJson,
  type ResilientRequestInit,
  stripOnRedirect,
} from '../src/index.ts'
import { failure, limited, type Reply, url, world } from './world.ts'

const secrets = [
  'my-pass',
  'my-query',
  'my-hash',
  'my-auth',
  'my-cookie',
  'my-apikey',
  'my-body',
  'my-answer',
]
const secretUrl = 'https://user:my-pass@api.example.com/path?access_token=my-query#my-hash'
const secretInit: ResilientRequestInit = {
  method: 'PUT',
  headers: { authorization: 'my-auth', cookie: 'my-cookie', 'x-api-key': 'my-apikey' },
  body: 'my-body',
}

/** Everything that a logger may print of it. */
function printed(value: unknown): string {
  const seen = [inspect(value, { depth: 12 }), JSON.stringify(value), String(value)]
  for (let error = value; error instanceof Error; error = error.cause)
    seen.push(error.message, String(error.stack), JSON.stringify(error), Object.keys(error).join())
  return seen.join('\n')
}

function expectNoSecret(value: unknown): void {
  const text = printed(value)
  for (const secret of secrets) expect(text).not.toContain(secret)
}

const reset = Object.assign(new TypeError('fetch failed'), {
  cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }),
})

describe('secrets of a request or an answer', () => {
  const cases: Record<string, Reply> = {
    'an answer that is final': limited(401, { 'set-cookie': 'my-answer' }),
    'a wait that is too long': limited(429, { 'retry-after': '9999', 'set-cookie': 'my-answer' }),
    'a 503 for ever': 503,
    'a network that fails': reset,
    'no answer in time': 'never',
  }
  for (const [name, reply] of Object.entries(cases))
    it(`are in no error and no event after ${name}`, async () => {
      const events: FetchEvent[] = []
      const { fetch, clock } = world([reply], {
        onEvent: (event) => events.push(event),
        attemptTimeoutMs: 1000,
      })
      for (let call = 0; call < 7; call++) {
        const outcome = fetch(secretUrl, secretInit).then(
          () => undefined,
          (error) => error,
        )
        await clock.runAll()
        expectNoSecret(await outcome)
      }
      expect(events.length).toBeGreaterThan(7)
      for (const event of events) {
        expectNoSecret(event)
        if ('call' in event) expect(event.call.url).toBe('https://api.example.com/path')
      }
    })

  it('are in no refusal for a body that can be sent only once', async () => {
    const { fetch, clock } = world([reset])
    const body = new Blob(['my-body']).stream()
    const error = failure(fetch(secretUrl, { ...secretInit, body, duplex: 'half' } as RequestInit))
    await clock.runAll()
    expect((await error).code).toBe('BODY_NOT_REPLAYABLE')
    expectNoSecret(await error)
  })

  it('are in no soft timeout', async () => {
    const { fetch, clock } = world(['never'], { softTimeoutMs: 10 })
    const error = failure(fetch(secretUrl, secretInit))
    await clock.advance(10)
    expectNoSecret(await error)
    await clock.runAll()
  })
})

describe('what a server or an app says', () => {
  it('never makes us fetch another address', async () => {
    const headers = {
      'retry-after': 'https://evil.example.net',
      location: 'https://evil.example.net/',
      link: '<https://evil.example.net>; rel=next',
    }
    for (const status of [300, 404, 429, 503]) {
      const { fetch, sent, clock } = world([() => limited(status, headers), 200])
      const outcome = fetch(url)
      await clock.runAll()
      await outcome
      for (const { input } of sent) expect(input).toBe(url)
    }
  })

  it.each(['a\r\nx-evil: 1', 'a\nb', 'a\0b'])(
    'in a header value with a line break, %j, rejects as fetch does',
    async (value) => {
      const { fetch } = world([
        ({ headers }) => new Response(null, { headers: headers as Record<string, string> }),
      ])
      for (const headers of [{ 'x-a': value }, [['x-a', value]] as [string, string][]])
        expect(
          await failure(
            fetch(url, { method: 'POST', headers, evenkeel: { idempotencyKey: true } }),
          ),
        ).toBeInstanceOf(TypeError)
    },
  )

  it('with line breaks, in headers of a fetch that allows them, is no wait and no scope', async () => {
    const headers = new Map([
      ['retry-after', '60\r\nx: 2'],
      ['x-ratelimit-scope', 'shared\r\n'],
      ['x-ratelimit-bucket', 'b'.repeat(10_000)],
    ])
    const { fetch, clock, events } = world([
      () =>
        Object.defineProperty(new Response('x', { status: 429 }), 'headers', { value: headers }),
      200,
    ])
    const outcome = fetch(url)
    await clock.runAll()
    expect((await outcome).status).toBe(200)
    expect(clock.now()).toBeLessThan(10_000)
    const limitation = events.find(({ type }) => type === 'limited')
    expect(limitation).toMatchObject({ retryAfterMs: undefined, scope: undefined })
  })

  it('cannot pollute a prototype through the JSON of a 429', async () => {
    const { fetch, clock } = world(
      [
        () =>
          new Response('{"__proto__":{"retry_after":60},"constructor":{"prototype":{"x":1}}}', {
            status: 429,
            headers: { 'content-type': 'application/json' },
          }),
        200,
      ],
      { readRetryAfterBody: peekJson },
    )
    const outcome = fetch(url)
    await clock.runAll()
    expect((await outcome).status).toBe(200)
    expect(clock.now()).toBeLessThan(10_000)
    expect(({} as { x?: number }).x).toBeUndefined()
  })
})

describe('stripOnRedirect', () => {
  const redirectTo = (location: string): typeof globalThis.fetch =>
    (async () => new Response(null, { status: 302, headers: { location } })) as never

  it.each(['data:text/plain,x', 'file:///etc/passwd', 'javascript:1', 'blob:https://a/b'])(
    'does not follow a redirect to %s',
    async (location) => {
      const error = await failure(stripOnRedirect([], redirectTo(location))('https://a.example/'))
      expect(error).toBeInstanceOf(TypeError)
    },
  )

  it('rejects for a place that is no URL', async () => {
    const fetch = stripOnRedirect([], redirectTo('https://['))
    expect(await failure(fetch('https://a.example/'))).toBeInstanceOf(TypeError)
  })
})
