import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { constant } from '@evenkeel/retry'
import { FetchInterceptor } from '@mswjs/interceptors/fetch'
import nodeFetch, {
  FormData as NodeFormData,
  Request as NodeRequest,
  Response as NodeResponse,
} from 'node-fetch'
import * as undici from 'undici'
import { describe, expect, it, vi } from 'vitest'
import { createFetch, type FetchOptions } from '../src/index.ts'
import { testServer } from './server.ts'
import { failure } from './world.ts'

type Send = typeof globalThis.fetch

/** A fetch with the classes that belong to it. */
interface Kind {
  readonly name: string
  readonly send: Send
  readonly Request: typeof globalThis.Request
  readonly Response: unknown
  readonly FormData: typeof globalThis.FormData
}

const kinds: readonly Kind[] = [
  { name: 'the platform’s fetch', send: fetch, Request, Response, FormData },
  {
    name: 'undici’s own fetch',
    send: undici.fetch as unknown as Send,
    Request: undici.Request as unknown as typeof Request,
    Response: undici.Response,
    FormData: undici.FormData as unknown as typeof FormData,
  },
  {
    name: 'node-fetch',
    send: nodeFetch as unknown as Send,
    Request: NodeRequest as unknown as typeof Request,
    Response: NodeResponse,
    FormData: NodeFormData as unknown as typeof FormData,
  },
]

/** The defaults, but for waits of a millisecond. */
const quick: FetchOptions = {
  retry: { backoff: constant(1, { jitterRatio: 0 }), budget: false },
  circuitBreaker: false,
}

describe.each(kinds)('createFetch around $name', ({ send, Request, Response, FormData }) => {
  const fetch = createFetch({ ...quick, fetch: send })

  it('tries a 503 again, and hands its own Response back', async () => {
    await using server = await testServer((_, response, n) => {
      response.statusCode = n === 1 ? 503 : 200
      response.end('{"a":1}')
    })
    const response = await fetch(new URL(`${server.url}/path?query`))
    expect(response).toBeInstanceOf(Response)
    expect(await response.json()).toEqual({ a: 1 })
    expect(server.seen.map(({ path }) => path)).toEqual(['/path?query', '/path?query'])
  })

  it('sends strings, buffers, its own forms and its own Requests twice', async () => {
    await using server = await testServer((_, response, n) => {
      response.statusCode = n % 2 ? 503 : 200
      response.end()
    })
    const form = new FormData()
    form.set('field', 'bytes')
    for (const body of [
      'bytes',
      new TextEncoder().encode('bytes'),
      new URLSearchParams('bytes'),
      form,
    ])
      expect((await fetch(server.url, { method: 'PUT', body })).status).toBe(200)
    const request = new Request(server.url, { method: 'PUT', body: 'bytes' })
    expect((await fetch(request)).status).toBe(200)
    expect(server.seen).toHaveLength(10)
    for (const { body } of server.seen) expect(body).toContain('bytes')
  })

  it('sends a key, and its number from the second attempt on', async () => {
    const headers: unknown[] = []
    await using server = await testServer((request, response, n) => {
      headers.push([request.headers['idempotency-key'], request.headers['x-attempt']])
      response.statusCode = n === 1 ? 502 : 200
      response.end()
    })
    const numbered = createFetch({ ...quick, fetch: send, attemptHeader: 'x-attempt' })
    await numbered(server.url, { method: 'POST', evenkeel: { idempotencyKey: 'k' } })
    expect(headers).toEqual([
      ['"k"', undefined],
      ['"k"', '2'],
    ])
  })

  it('rejects with the reason of an abort, and cancels the request', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    let gone: () => void = () => {}
    const cancelled = new Promise<void>((resolve) => (gone = resolve))
    await using server = await testServer((_, response) => {
      response.on('close', gone)
      controller.abort(reason)
    })
    expect(await failure(fetch(server.url, { signal: controller.signal }))).toBe(reason)
    await cancelled
    expect(server.seen).toHaveLength(1)
  })

  it('ends a body that stalls with its attempt', async () => {
    await using server = await testServer((_, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('half')
    })
    const bounded = createFetch({ ...quick, fetch: send, attemptTimeoutMs: 200 })
    const response = await bounded(server.url)
    expect(await failure(response.text())).toMatchObject({ code: 'TIMEOUT' })
  })

  it('repeats a POST that was refused a connection, and not one whose connection broke', async () => {
    const unused = createServer().listen(0, '127.0.0.1')
    await once(unused, 'listening')
    const { port } = unused.address() as AddressInfo
    unused.close()
    const attempts: string[] = []
    const told = createFetch({
      ...quick,
      fetch: send,
      onEvent: (event) => event.type === 'attemptStarted' && attempts.push(event.call.key),
    })
    const nowhere = `http://127.0.0.1:${port}`
    await failure(told(nowhere, { method: 'POST', body: 'x' }))
    expect(attempts).toEqual(Array(4).fill(nowhere))
    await using server = await testServer((request) => request.socket.destroy())
    await failure(told(server.url, { method: 'POST', body: 'x' }))
    expect(server.seen).toHaveLength(1)
  })

  it('holds at most two connections after forty refusals with large bodies', async () => {
    await using server = await testServer((_, response) => {
      response.statusCode = 503
      response.end('x'.repeat(262_144))
    })
    for (let call = 0; call < 10; call++) await (await fetch(server.url)).text()
    expect(server.seen).toHaveLength(40)
    await vi.waitFor(() => expect(server.open).toBeLessThanOrEqual(2))
  })
})

describe('createFetch under MSW’s interceptor', () => {
  it('sees the answers of an app’s mocks, and retries them', async () => {
    const interceptor = new FetchInterceptor()
    const asked: string[] = []
    interceptor.on('request', async ({ request, controller }) => {
      asked.push(`${request.method} ${await request.clone().text()}`)
      controller.respondWith(
        asked.length === 1
          ? new Response('busy', { status: 503 })
          : Response.json({ mocked: true }),
      )
    })
    interceptor.apply()
    try {
      const response = await createFetch(quick)('http://api.example.com/', {
        method: 'PUT',
        body: 'bytes',
      })
      expect(await response.json()).toEqual({ mocked: true })
      expect(asked).toEqual(['PUT bytes', 'PUT bytes'])
    } finally {
      interceptor.dispose()
    }
  })
})
