import { describe, expect, it, vi } from 'vitest'
import { stripOnRedirect } from '../src/index.ts'
import { failure } from './world.ts'

interface Sent {
  readonly url: string
  readonly method: string | undefined
  readonly headers: Headers
  readonly body: unknown
}

/** A fetch that redirects along the given statuses and places, then answers 200. */
function redirecting(...hops: readonly (readonly [status: number, location: string])[]): {
  readonly send: typeof globalThis.fetch
  readonly sent: Sent[]
} {
  const sent: Sent[] = []
  const send = async (input: unknown, init: RequestInit = {}): Promise<Response> => {
    const { method, body } = init
    sent.push({ url: String(input), method, headers: new Headers(init.headers), body })
    const [status, location] = hops[sent.length - 1] ?? []
    return status
      ? new Response('moved', { status, headers: location ? { location } : {} })
      : new Response('ok')
  }
  return { send: send as typeof globalThis.fetch, sent }
}

const secrets = { 'x-api-key': 'K', authorization: 'A', cookie: 'C', accept: '*/*' }

describe('stripOnRedirect', () => {
  it('forgets the named headers, and those the platform forgets, at another origin', async () => {
    const { send, sent } = redirecting([302, 'https://evil.example.net/x'])
    await stripOnRedirect(['X-Api-Key'], send)('https://api.example.com/a', { headers: secrets })
    expect([...(sent[0]?.headers.keys() ?? [])]).toEqual([
      'accept',
      'authorization',
      'cookie',
      'x-api-key',
    ])
    expect(sent[1]?.url).toBe('https://evil.example.net/x')
    expect([...(sent[1]?.headers.keys() ?? [])]).toEqual(['accept'])
  })

  it('never brings them back when a later redirect returns', async () => {
    const { send, sent } = redirecting(
      [302, 'https://b.example.com/'],
      [302, 'https://a.example.com/'],
    )
    await stripOnRedirect(['x-api-key'], send)('https://a.example.com/', { headers: secrets })
    expect(sent[2]?.headers.has('x-api-key')).toBe(false)
  })

  it('keeps them at the same origin, and resolves relative places', async () => {
    const { send, sent } = redirecting([307, '../b?c'])
    await stripOnRedirect(['x-api-key'], send)('https://api.example.com/a/b/', { headers: secrets })
    expect(sent[1]?.url).toBe('https://api.example.com/a/b?c')
    expect(sent[1]?.headers.get('x-api-key')).toBe('K')
  })

  it('turns a POST into a GET after 301, 302 and 303, and repeats it after 307 and 308', async () => {
    for (const [status, method, body] of [
      [301, 'GET', undefined],
      [302, 'GET', undefined],
      [303, 'GET', undefined],
      [307, 'POST', 'x'],
      [308, 'POST', 'x'],
    ] as const) {
      const { send, sent } = redirecting([status, '/b'])
      await stripOnRedirect([], send)('https://api.example.com/a', {
        method: 'POST',
        body: 'x',
        headers: { 'content-type': 'text/plain' },
      })
      expect(sent[1]).toMatchObject({ method })
      expect(sent[1]?.body).toBe(body)
      expect(sent[1]?.headers.has('content-type')).toBe(body !== undefined)
    }
  })

  it('repeats the body of a Request', async () => {
    const { send, sent } = redirecting([308, '/b'])
    const request = new Request('https://api.example.com/a', { method: 'PUT', body: 'bytes' })
    await stripOnRedirect([], send)(request)
    expect(new TextDecoder().decode(sent[1]?.body as ArrayBuffer)).toBe('bytes')
  })

  it('says so when a redirect asks for a stream again, rather than send nothing', async () => {
    const { send, sent } = redirecting([307, '/b'])
    const error = await failure(
      stripOnRedirect([], send)('https://api.example.com/a', {
        method: 'PUT',
        body: new Blob(['x']).stream(),
        duplex: 'half',
      } as RequestInit),
    )
    expect(error).toBeInstanceOf(TypeError)
    expect(error.message).toBe('A 307 asks for the body again, and a stream can be sent only once')
    expect(sent).toHaveLength(1)
  })

  it('uses the platform’s fetch, as it is when called', async () => {
    const { send } = redirecting()
    vi.stubGlobal('fetch', send)
    const response = await stripOnRedirect([])('https://api.example.com/')
    vi.unstubAllGlobals()
    expect(await response.text()).toBe('ok')
  })

  it('gives up after twenty redirects', async () => {
    const { send, sent } = redirecting(...Array.from({ length: 99 }, () => [302, '/'] as const))
    const error = await failure(stripOnRedirect([], send)('https://api.example.com/'))
    expect(error.message).toBe('More than 20 redirects')
    expect(sent).toHaveLength(21)
  })

  it('leaves other modes, other statuses and redirects without a place alone', async () => {
    const manual = redirecting([302, '/b'])
    const init = { redirect: 'manual' } as const
    const given = await stripOnRedirect([], manual.send)('https://api.example.com/', init)
    expect(given.status).toBe(302)
    const nowhere = redirecting([302, ''])
    expect((await stripOnRedirect([], nowhere.send)('https://api.example.com/')).status).toBe(302)
  })

  it('passes the signal on', async () => {
    const reason = new Error('stop')
    const send = async (_: unknown, init?: RequestInit): Promise<Response> => {
      init?.signal?.throwIfAborted()
      return new Response('ok')
    }
    const fetch = stripOnRedirect([], send as typeof globalThis.fetch)
    const signal = AbortSignal.abort(reason)
    expect(await failure(fetch('https://api.example.com/', { signal }))).toBe(reason)
    expect(await failure(fetch(new Request('https://api.example.com/', { signal })))).toBe(reason)
  })
})
