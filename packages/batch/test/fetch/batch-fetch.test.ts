import { run } from '@evenkeel/core'
import { manualClock, seededRandom } from '@evenkeel/core/testing'
import { retry } from '@evenkeel/retry'
import { describe, expect, it } from 'vitest'
import { batchFetch, jsonBatch } from '../../src/fetch.ts'
import { ending, failure } from '../world.ts'
import { jsonServer } from './server.ts'

const endpoint = 'https://api.example.com/batch'
const at = (path: string): string => `https://api.example.com${path}`

describe('batchFetch', () => {
  it('sends the requests of a tick as one, and gives each its own response', async () => {
    const { fetch, batches, singles } = jsonServer()
    const send = batchFetch({ endpoint, fetch })
    const responses = await Promise.all(['/a', '/b?c=1', '/d'].map((path) => send(at(path))))
    expect(await Promise.all(responses.map((response) => response.text()))).toEqual([
      '/a',
      '/b?c=1',
      '/d',
    ])
    expect(responses.map(({ url }) => url)).toEqual(['/a', '/b?c=1', '/d'].map(at))
    expect(batches.map((parts) => parts.map(({ path }) => path))).toEqual([['/a', '/b?c=1', '/d']])
    expect(singles).toEqual([])
  })

  it('carries methods, headers and text; JSON as JSON', async () => {
    const { fetch, batches } = jsonServer()
    const send = batchFetch({ endpoint, fetch })
    await Promise.all([
      send(at('/json'), {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-own': 'yes' },
        body: '{"n":1}',
      }),
      send(at('/text'), { method: 'PUT', body: 'plain' }),
      send(at('/form'), { method: 'POST', body: new URLSearchParams({ q: 'a b' }) }),
      send(at('/broken'), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{no',
      }),
      send(new Request(at('/request'), { headers: { 'x-own': 'too' } })),
      send(new URL(at('/url'))),
    ])
    const form = 'application/x-www-form-urlencoded;charset=UTF-8'
    expect(batches).toMatchObject([
      [
        { method: 'POST', path: '/json', body: { n: 1 }, headers: { 'x-own': 'yes' } },
        { method: 'PUT', path: '/text', body: 'plain' },
        { method: 'POST', path: '/form', body: 'q=a+b', headers: { 'content-type': form } },
        { method: 'POST', path: '/broken', body: '{no' },
        { method: 'GET', path: '/request', headers: { 'x-own': 'too' } },
        { method: 'GET', path: '/url' },
      ],
    ])
  })

  it('does not make one of two requests that look alike: each POST is sent', async () => {
    const { fetch, batches } = jsonServer()
    const send = batchFetch({ endpoint, fetch })
    const post = () => send(at('/a'), { method: 'POST', body: 'x' })
    await Promise.all([post(), post()])
    expect(batches[0]).toHaveLength(2)
  })

  it('sends alone what cannot travel: other origins, other bodies, Requests with a body, what is told to', async () => {
    const { fetch, batches, singles } = jsonServer()
    const send = batchFetch({
      endpoint,
      fetch,
      isBatchable: ({ url }) => url.pathname !== '/upload',
    })
    await Promise.all([
      send('https://other.example.com/other'),
      send(at('/blob'), { method: 'POST', body: new Blob(['x']) }),
      send(new Request(at('/request'), { method: 'POST', body: 'x' })),
      send(at('/integrity'), { integrity: 'sha256-x' }),
      send(at('/mode'), { mode: 'no-cors' }),
      send(at('/upload')),
    ])
    expect(batches).toEqual([])
    expect(singles).toHaveLength(6)
  })

  it.each<[string, RequestInit]>([
    ['a method that is more than one', { method: 'GET /admin HTTP/1.1\r\nX-A: b\r\n\r\n' }],
    ['a body where none may be', { body: 'a' }],
    ['what outlives its page', { method: 'POST', body: 'a', keepalive: true }],
  ])('leaves %s to fetch', async (_, init) => {
    const { fetch, batches, singles } = jsonServer()
    await batchFetch({ endpoint, fetch })(at('/a'), init)
    expect([batches.length, singles.length]).toEqual([0, 1])
  })

  it('counts the bytes of text, not its characters', async () => {
    const { fetch, batches } = jsonServer()
    const send = batchFetch({ endpoint, fetch, maxBytes: 100 })
    const init = { method: 'POST', body: '→'.repeat(20) }
    await Promise.all([send(at('/a'), init), send(at('/b'), init)])
    expect(batches.map(({ length }) => length)).toEqual([1, 1])
  })

  it('leaves it to fetch to refuse what is no request', async () => {
    const send = batchFetch({
      endpoint,
      fetch: async (input, init) => {
        new Request(input, init)
        return new Response()
      },
    })
    await expect(send('http://')).rejects.toThrow(TypeError)
    await expect(send(at('/'), { headers: { 'bad name': 'x' } })).rejects.toThrow(TypeError)
  })

  it('never mixes credentials: Alice’s answer is not in Bob’s batch', async () => {
    const { fetch, batches, inits } = jsonServer()
    const send = batchFetch({ endpoint, fetch })
    const as = (authorization: string) => ({ headers: new Headers({ authorization }) })
    await Promise.all([
      send(at('/me'), as('Bearer alice')),
      send(at('/me'), as('Bearer bob')),
      send(at('/friends'), as('Bearer alice')),
      send(at('/me'), { credentials: 'include' }),
    ])
    expect(batches.map((parts) => parts.map(({ path }) => path))).toEqual([
      ['/me', '/friends'],
      ['/me'],
      ['/me'],
    ])
    expect(inits.map(({ headers }) => new Headers(headers).get('authorization'))).toEqual([
      'Bearer alice',
      'Bearer bob',
      null,
    ])
    expect(inits[2]?.credentials).toBe('include')
    expect(JSON.stringify(batches)).not.toMatch(/alice|bob/)
  })

  it('gives each a copy when the batch as a whole is refused', async () => {
    const send = batchFetch({
      endpoint,
      fetch: async () => new Response('later', { status: 429, headers: { 'retry-after': '5' } }),
    })
    const responses = await Promise.all(['/a', '/b', '/c'].map((path) => send(at(path))))
    for (const response of responses) {
      expect([response.status, response.headers.get('retry-after')]).toEqual([429, '5'])
      expect(await response.text()).toBe('later')
    }
  })

  it('fails only those whose part is missing, doubled or no response', async () => {
    const send = batchFetch({
      endpoint,
      fetch: async () =>
        Response.json([
          { id: '0', status: 200, body: 'fine' },
          { id: '1', status: 200 },
          { id: '1', status: 200 },
          { id: '3', status: 9999 },
          null,
          'nonsense',
          { id: '99', status: 200 },
        ]),
    })
    const endings = await Promise.all(
      ['/a', '/b', '/c', '/d'].map((path) => ending(send(at(path)))),
    )
    expect(endings).toMatchObject([
      { value: { status: 200 } },
      { error: { code: 'BATCH_RESULT_AMBIGUOUS' } },
      { error: { code: 'BATCH_RESULT_MISSING' } },
      { error: { code: 'BATCH_RESPONSE_MALFORMED' } },
    ])
  })

  it.each(['{}', '{"__proto__":{"responses":[]}}', 'null', '[', '<html>'])(
    'fails all for an answer that is no batch: %s',
    async (body) => {
      const send = batchFetch({ endpoint, fetch: async () => new Response(body) })
      for (const { error } of await Promise.all([ending(send(at('/a'))), ending(send(at('/b')))]))
        expect(error).toBeInstanceOf(Error)
    },
  )

  const json = { 'content-type': 'application/json' }
  it.each<[string, object, string | null, string]>([
    ['JSON that is null', { headers: json, body: null }, json['content-type'], 'null'],
    ['JSON that is a string', { headers: json, body: 'hi' }, json['content-type'], '"hi"'],
    ['JSON in a string', { headers: json, body: '{"a":1}' }, json['content-type'], '{"a":1}'],
    ['a number', { body: 0 }, json['content-type'], '0'],
    ['text', { body: 'hi' }, 'text/plain', 'hi'],
    ['null of no type', { body: null }, null, ''],
    ['nothing', {}, null, ''],
  ])('takes the body of a part for what it is: %s', async (_, part, type, text) => {
    const body = [{ id: '0', status: 200, ...part }]
    const send = batchFetch({ endpoint, fetch: async () => Response.json(body) })
    const response = await send(at('/a'))
    expect([response.headers.get('content-type'), await response.text()]).toEqual([type, text])
  })

  it('lets a part with a header that is none fail alone', async () => {
    const { fetch } = jsonServer(({ path }) => ({ headers: path === '/bad' ? { 'a b': 'c' } : {} }))
    const send = batchFetch({ endpoint, fetch })
    const [bad, good] = await Promise.all([ending(send(at('/bad'))), ending(send(at('/good')))])
    expect(bad).toMatchObject({ error: { code: 'BATCH_RESPONSE_MALFORMED' } })
    expect(good).toMatchObject({ value: { status: 200 } })
  })

  it('reads the answers of Microsoft Graph', async () => {
    const codec = jsonBatch({ envelope: { requests: 'requests', responses: 'responses' } })
    const bodies: unknown[] = []
    const send = batchFetch({
      endpoint,
      codec,
      fetch: async (_input, init) => {
        bodies.push(JSON.parse(String(init?.body)))
        return Response.json({
          responses: [
            { id: '1', status: 204, headers: { 'x-own': 'b' } },
            {
              id: '0',
              status: 200,
              headers: { 'Content-Type': 'application/json' },
              body: { n: 1 },
            },
          ],
        })
      },
    })
    const [first, second] = await Promise.all([send(at('/a')), send(at('/b'))])
    expect(await first?.json()).toEqual({ n: 1 })
    expect([second?.status, second?.headers.get('x-own')]).toEqual([204, 'b'])
    expect(bodies).toEqual([
      {
        requests: [
          { id: '0', method: 'GET', url: '/a', headers: {} },
          { id: '1', method: 'GET', url: '/b', headers: {} },
        ],
      },
    ])
  })

  it('sends what is urgent with this tick, and all of it when somebody else still waits', async () => {
    const { fetch, batches } = jsonServer()
    const clock = manualClock()
    const send = batchFetch({ endpoint, fetch, clock, window: 50 })
    const calls = [send(at('/a')), send(at('/b'), { priority: 'high' })]
    await Promise.all(calls)
    expect(batches).toHaveLength(1)
    const controller = new AbortController()
    const gone = ending(send(at('/c'), { signal: controller.signal, priority: 'low' }))
    await clock.advance(10)
    controller.abort('enough')
    expect(await gone).toEqual({ error: 'enough' })
    await clock.advance(100)
    expect([batches.length, clock.pending]).toEqual([1, 0])
  })

  it('inside a retry for each request sends again only what failed, in a later batch', async () => {
    const clock = manualClock()
    const tries = new Map<string, number>()
    const { fetch, batches } = jsonServer(({ path }) => {
      const count = (tries.get(path) ?? 0) + 1
      tries.set(path, count)
      return count === 1 && path !== '/a' ? { status: 503 } : { body: path }
    })
    const send = batchFetch({ endpoint, fetch, clock, window: 20 })
    const policy = retry({ clock, random: seededRandom(1), budget: false })
    const get = (path: string): Promise<string> =>
      run(policy, async () => {
        const response = await send(at(path))
        if (!response.ok) throw failure()
        return response.text()
      })
    const calls = ['/a', '/b', '/c'].map(get)
    await clock.runAll()
    expect(await Promise.all(calls)).toEqual(['/a', '/b', '/c'])
    const [first, ...later] = batches.map((parts) => parts.map(({ path }) => path))
    expect(first).toEqual(['/a', '/b', '/c'])
    expect(later.flat().sort()).toEqual(['/b', '/c'])
  })

  it('sends by the platform’s fetch by default', async () => {
    const { fetch: platform } = globalThis
    const { fetch, batches } = jsonServer()
    globalThis.fetch = fetch
    const send = batchFetch({ endpoint })
    expect(await (await send(at('/a'))).text()).toBe('/a')
    globalThis.fetch = platform
    expect(batches).toHaveLength(1)
  })

  it('refuses bad options at creation', () => {
    expect(() => batchFetch({ endpoint, maxSize: 0 })).toThrow(RangeError)
    expect(() => batchFetch({ endpoint: '/no origin' })).toThrow(TypeError)
  })
})
