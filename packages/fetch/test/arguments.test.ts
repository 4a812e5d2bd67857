import { describe, expect, it } from 'vitest'
import { failure, url, world } from './world.ts'

const sentHeaders = (init: RequestInit | undefined): Headers => new Headers(init?.headers)

describe('what fetch takes first', () => {
  it.each([
    ['a string', url],
    ['a URL', new URL(url)],
    ['what turns into a string', { toString: () => url } as unknown as URL],
    ['a Request', new Request(url)],
  ])('may be %s', async (_, input) => {
    const { fetch, sent, clock, events } = world([503, 200])
    const outcome = fetch(input)
    await clock.runAll()
    expect((await outcome).status).toBe(200)
    expect(sent).toHaveLength(2)
    expect(events[0]).toMatchObject({ call: { key: 'https://api.example.com', url } })
  })

  it.each(['http://', 'not a url', '/relative', '', 'http://[::1', 'https://a b/'])(
    'that is %j fails as the platform’s fetch says, once, and is no outage',
    async (input) => {
      const { fetch, clock } = world([() => new Response(new Request(input).url)])
      for (let call = 0; call < 10; call++) {
        const error = failure(fetch(input))
        await clock.runAll()
        expect(await error).toBeInstanceOf(TypeError)
        expect((await error).code).not.toBe('CIRCUIT_OPEN')
      }
    },
  )

  it.each([null, Symbol('url')])(
    'that is no input at all rejects, and never throws',
    async (input) => {
      const { fetch } = world([() => new Response(new Request(input as never).url)])
      const outcome = fetch(input as never)
      expect(await failure(outcome)).toBeInstanceOf(TypeError)
    },
  )

  it('has a key and a name without credentials, query and fragment', async () => {
    for (const [given, name] of [
      ['https://user:p@ss@API.example.com:443/a?b=c#d', 'https://API.example.com:443/a'],
      ['https:\\\\user:pw@api.example.com\\a', 'https:\\\\api.example.com\\a'],
      ['//user:pw@api.example.com/a', '//api.example.com/a'],
      ['https:user:pw@api.example.com/a', 'https:api.example.com/a'],
      ['/a@b?c', '/a@b'],
    ] as const) {
      const { fetch, events } = world([200])
      await fetch(given)
      expect(events[0]).toMatchObject({ call: { url: name } })
    }
  })

  it('is of another origin when only the beginning is the same', async () => {
    const { fetch, events } = world([200])
    for (const input of [
      'https://api.example.com/a',
      'https://api.example.com.evil.net/a',
      'https://api.example.com@evil.net/a',
      'https://api.example.com:8443/a',
      'HTTPS://API.EXAMPLE.COM/b',
      'data:text/plain,x',
    ])
      await fetch(input)
    const keys = events.flatMap((event) => (event.type === 'succeeded' ? event.call.key : []))
    expect(keys).toEqual([
      'https://api.example.com',
      'https://api.example.com.evil.net',
      'https://evil.net',
      'https://api.example.com:8443',
      'https://api.example.com',
      'null',
    ])
  })
})

describe('what fetch takes second', () => {
  it.each([undefined, null, {}, Object.create(null)])('may be %j', async (init) => {
    const { fetch } = world([200])
    expect((await fetch(url, init as RequestInit)).status).toBe(200)
  })

  it('may be a Request, whose fields are all sent', async () => {
    const { fetch, sent, clock } = world([503, 200])
    const init = new Request(url, { method: 'PUT', headers: { 'x-a': 'b' } })
    const outcome = fetch(url, init)
    await clock.runAll()
    expect((await outcome).status).toBe(200)
    for (const { init: given } of sent) {
      const request = new Request(url, { ...given, signal: null })
      expect(request.method).toBe('PUT')
      expect(request.headers.get('x-a')).toBe('b')
    }
    expect(sent).toHaveLength(2)
  })

  it('may be of a class, with fields it inherits', async () => {
    const { fetch, sent } = world([200])
    await fetch(url, Object.create({ method: 'DELETE', headers: { a: 'b' } }) as RequestInit)
    expect(sent[0]?.init).toMatchObject({ method: 'DELETE', headers: { a: 'b' } })
  })

  it('has its getters read once, so that every attempt sends the same', async () => {
    const { fetch, sent, clock } = world([503, 503, 200])
    let reads = 0
    const outcome = fetch(url, {
      method: 'PUT',
      get body() {
        return `read ${++reads}`
      },
    })
    await clock.runAll()
    await outcome
    expect(sent.map(({ init }) => init.body)).toEqual(['read 1', 'read 1', 'read 1'])
  })

  it('may be used for the next call while this one waits', async () => {
    const { fetch, sent, clock } = world([503, 200])
    const init: RequestInit = { method: 'PUT', body: 'one' }
    const outcome = fetch(url, init)
    await clock.advance(0)
    init.body = 'two'
    init.method = 'DELETE'
    await clock.runAll()
    await outcome
    expect(sent.map(({ init: given }) => `${given.method} ${given.body}`)).toEqual([
      'PUT one',
      'PUT one',
    ])
    expect(init).toEqual({ method: 'DELETE', body: 'two' })
  })

  it.each([
    ['get', 2],
    ['Head', 2],
    ['options', 2],
    ['QUERY', 2],
    ['put', 2],
    ['DELETE', 2],
    ['post', 1],
    ['patch', 1],
    ['CONFIRM', 1],
  ])('with method %s is sent %i times, and spelled as it was given', async (method, times) => {
    const { fetch, sent, clock } = world([503, 200])
    const outcome = fetch(url, { method })
    await clock.runAll()
    await outcome
    expect(sent.map(({ init }) => init.method)).toEqual(Array(times).fill(method))
  })

  it('with a method that is no string rejects', async () => {
    const { fetch } = world([200])
    expect(await failure(fetch(url, { method: 5 as never }))).toBeInstanceOf(TypeError)
  })

  it('with signal null takes none, not even that of its Request', async () => {
    const { fetch } = world([200])
    const signal = AbortSignal.abort(new Error('of the Request'))
    const request = new Request(url, { signal })
    expect((await failure(fetch(request))).message).toBe('of the Request')
    expect((await fetch(request, { signal: null })).status).toBe(200)
    expect((await fetch(url, { signal: undefined as never })).status).toBe(200)
  })

  it('with a signal that is none rejects', async () => {
    const { fetch } = world([200])
    expect(await failure(fetch(url, { signal: {} as never }))).toBeInstanceOf(TypeError)
  })

  it('with evenkeel undefined or null says nothing', async () => {
    const { fetch, sent } = world([200])
    await fetch(url, { evenkeel: undefined })
    await fetch(url, { evenkeel: null as never })
    for (const { init } of sent) expect(init).not.toHaveProperty('evenkeel')
  })

  it('with a form of the form-data package is sent once: it is a stream', async () => {
    const { fetch, sent, clock } = world([503, 200])
    const form = { pipe() {}, on() {}, getHeaders: () => ({}) }
    const outcome = fetch(url, { method: 'PUT', body: form as never })
    await clock.runAll()
    expect((await outcome).status).toBe(503)
    expect(sent).toHaveLength(1)
  })
})

describe('an idempotency key', () => {
  const post = { method: 'POST', body: 'x' } as const

  it.each(['a\r\nx-evil: 1', 'a\nb', 'a\0b', 'ключ', '🔑'])(
    '%j is no header value: the call rejects before anything is sent',
    async (idempotencyKey) => {
      const { fetch, sent } = world([200])
      const error = await failure(fetch(url, { ...post, evenkeel: { idempotencyKey } }))
      expect(error).toBeInstanceOf(TypeError)
      expect(sent).toHaveLength(0)
    },
  )

  it('that is empty would be one for all calls, so it is refused', async () => {
    const { fetch, sent } = world([200])
    const error = await failure(fetch(url, { ...post, evenkeel: { idempotencyKey: '' } }))
    expect(error).toBeInstanceOf(RangeError)
    expect(error.message).toBe('fetch: idempotencyKey must not be empty')
    expect(sent).toHaveLength(0)
  })

  it('with quotes and backslashes is escaped as a structured field asks', async () => {
    const { fetch, sent } = world([200])
    await fetch(url, { ...post, evenkeel: { idempotencyKey: 'a"b\\c' } })
    expect(sentHeaders(sent[0]?.init).get('idempotency-key')).toBe('"a\\"b\\\\c"')
  })

  it('is sent bare, and under another name, where the API wants that', async () => {
    const { fetch, sent } = world([200], {
      idempotency: { auto: true, header: 'X-Request-Id', format: 'bare', create: () => 'k-1' },
    })
    await fetch(url, post)
    expect(sentHeaders(sent[0]?.init).get('x-request-id')).toBe('k-1')
  })

  it('made by default is another for each call', async () => {
    const { fetch, sent } = world([200], { idempotency: { auto: true } })
    await fetch(url, post)
    await fetch(url, post)
    const [one, two] = sent.map(({ init }) => sentHeaders(init).get('idempotency-key'))
    expect(one).toMatch(/^"[0-9a-f-]{36}"$/)
    expect(two).not.toBe(one)
  })

  it('that the caller put among the headers is left as it is', async () => {
    const { fetch, sent } = world([200], { idempotency: { auto: true } })
    await fetch(new Request(url, { ...post, headers: { 'Idempotency-Key': 'mine' } }))
    expect(sentHeaders(sent[0]?.init).get('idempotency-key')).toBe('mine')
  })

  it('is not made for what is idempotent anyway, nor when the call says no', async () => {
    const { fetch, sent } = world([200], { idempotency: { auto: true } })
    await fetch(url, { method: 'PUT', body: 'x' })
    await fetch(url, { ...post, evenkeel: { idempotencyKey: false } })
    for (const { init } of sent) expect(sentHeaders(init).has('idempotency-key')).toBe(false)
  })
})

describe('keys', () => {
  it.each(['__proto__', 'constructor', 'toString', '', '\0', 'x'.repeat(10_000)])(
    '%j is a key as any other',
    async (key) => {
      const { fetch, clock } = world([500])
      for (let call = 0; call < 8; call++) await fetch(url, { method: 'POST', evenkeel: { key } })
      const error = await failure(fetch(url, { method: 'POST', evenkeel: { key } }))
      expect(error).toMatchObject({ code: 'CIRCUIT_OPEN', key })
      expect((await fetch(url, { method: 'POST', evenkeel: { key: 'other' } })).status).toBe(500)
      expect(clock.pending).toBe(0)
    },
  )

  it('without number hold a bounded amount of memory', async () => {
    const { fetch, clock } = world([500], { retry: false })
    for (let key = 0; key < 5000; key++) {
      await fetch(`https://shard-${key}.example.com/`)
      if (key % 100 === 0) await clock.advance(1)
    }
    const held = fetch.policies.circuitBreaker?.circuits.entries().size
    expect(held).toBeGreaterThan(0)
    expect(held).toBeLessThanOrEqual(1000)
    expect(clock.pending).toBe(0)
  })

  it('that are made by a function with a bug reject with its error', async () => {
    const { fetch, sent } = world([200], {
      route() {
        throw new Error('a route with a bug')
      },
    })
    expect((await failure(fetch(url))).message).toBe('a route with a bug')
    expect(sent).toHaveLength(0)
  })
})
