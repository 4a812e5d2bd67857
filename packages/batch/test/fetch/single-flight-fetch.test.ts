import { describe, expect, it } from 'vitest'
import { type SingleFlightFetchOptions, singleFlightFetch } from '../../src/fetch.ts'
import { ending, tick } from '../world.ts'

const url = 'https://api.example.com/things'

function world(options?: SingleFlightFetchOptions) {
  const asked: { input: unknown; init: RequestInit; answer: (response: Response) => void }[] = []
  const fetch = singleFlightFetch(
    (input, init = {}) =>
      new Promise((resolve, reject) => {
        init.signal?.addEventListener('abort', () => reject(init.signal?.reason))
        asked.push({ input, init, answer: resolve })
      }),
    options,
  )
  return { asked, fetch }
}

/** A response whose body goes on for as long as somebody reads. */
function endless() {
  let cancelled: unknown = 'no'
  const body = new ReadableStream({
    pull: (controller) => controller.enqueue(new TextEncoder().encode('x'.repeat(1024))),
    cancel: (reason) => {
      cancelled = reason
    },
  })
  return { response: new Response(body), cancelled: () => cancelled }
}

describe('singleFlightFetch', () => {
  it('shares one request among identical reads, and gives each a response of its own', async () => {
    const { asked, fetch } = world()
    const calls = Array.from({ length: 5 }, () => fetch(url))
    expect(asked).toHaveLength(1)
    asked[0]?.answer(new Response('things', { headers: { 'x-own': 'yes' } }))
    const responses = await Promise.all(calls)
    expect(new Set(responses).size).toBe(5)
    expect(await Promise.all(responses.map((response) => response.text()))).toEqual(
      Array(5).fill('things'),
    )
    fetch(url)
    expect(asked).toHaveLength(2)
  })

  it('lets no call wait behind one of a lesser priority, nor end by the time of another', () => {
    const { asked, fetch } = world()
    const say = (evenkeel: object) => fetch(url, { evenkeel } as RequestInit)
    say({ priority: 'deferred' })
    say({ priority: 'critical' })
    say({ totalTimeoutMs: 50 })
    expect(asked).toHaveLength(3)
    say({ priority: 'critical', tag: 'a' })
    say({ totalTimeoutMs: 50, tag: { of: 'another' } })
    fetch(url)
    fetch(url, { evenkeel: { tag: 'b' } } as RequestInit)
    expect(asked).toHaveLength(4)
  })

  it('passes on that somebody else tries again, and shares that with nobody who is not tried again', () => {
    const { asked, fetch } = world()
    const mark = Symbol.for('evenkeel.retried')
    const marked = () => Object.assign(new AbortController().signal, { [mark]: true as const })
    fetch(url, { signal: marked() })
    fetch(url, { signal: marked() })
    fetch(url, { signal: new AbortController().signal })
    fetch(new Request(url))
    expect(asked.map(({ init }) => Reflect.get(init.signal as AbortSignal, mark))).toEqual([
      true,
      undefined,
    ])
  })

  it('shares a response without a body, too', async () => {
    const { asked, fetch } = world()
    const calls = [fetch(url, { method: 'HEAD' }), fetch(url, { method: 'HEAD' })]
    asked[0]?.answer(new Response(null, { status: 204 }))
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([204, 204])
  })

  it.each<[string, RequestInit, RequestInit]>([
    [
      'who is asked for',
      { headers: { authorization: 'alice' } },
      { headers: { authorization: 'bob' } },
    ],
    [
      'a Headers object',
      { headers: new Headers({ authorization: 'a' }) },
      { headers: new Headers({ authorization: 'b' }) },
    ],
    ['credentials', { credentials: 'include' }, { credentials: 'omit' }],
    ['a header', { headers: { accept: 'a/b' } }, { headers: { accept: 'c/d' } }],
    ['a range', { headers: { range: 'bytes=0-1' } }, { headers: { range: 'bytes=2-3' } }],
    ['the method', { method: 'GET' }, { method: 'HEAD' }],
    ['the cache mode', {}, { cache: 'no-store' }],
    ['redirects', {}, { redirect: 'manual' }],
  ])('keeps apart what differs in %s', (_name, one, other) => {
    const { asked, fetch } = world()
    fetch(url, one).catch(() => {})
    fetch(url, other).catch(() => {})
    expect(asked).toHaveLength(2)
  })

  it('keeps apart the users of cookies, where it is told who they are', () => {
    let user = 'alice'
    const { asked, fetch } = world({ credentialsOf: () => user })
    fetch(url)
    user = 'bob'
    fetch(url)
    fetch(url)
    expect(asked).toHaveLength(2)
  })

  it('looks only at the headers that were chosen, and always at credentials', () => {
    const { asked, fetch } = world({ headers: ['Accept'] })
    fetch(url, { headers: { 'x-request-id': '1' } })
    fetch(url, { headers: { 'x-request-id': '2' } })
    expect(asked).toHaveLength(1)
    fetch(url, { headers: { accept: 'a/b' } })
    fetch(url, { headers: { authorization: 'alice' } })
    expect(asked).toHaveLength(3)
    fetch(url, { headers: { 'if-none-match': '"1"' } })
    expect(asked).toHaveLength(4)
  })

  it('takes a Request as it takes a URL', () => {
    const { asked, fetch } = world()
    fetch(new Request(url))
    fetch(new Request(url))
    fetch(new Request(url, { headers: { accept: 'a/b' } }))
    expect(asked).toHaveLength(2)
  })

  it.each<[string, RequestInit]>([
    ['writes', { method: 'POST' }],
    ['bodies', { method: 'GET', body: 'x' }],
    ['event streams', { headers: { accept: 'text/event-stream' } }],
    ['headers that are none', { headers: { 'bad name': 'x' } }],
  ])('shares no %s', (_name, init) => {
    const { asked, fetch } = world()
    fetch(url, init)
    fetch(url, init)
    expect(asked).toHaveLength(2)
  })

  it('shares no Request with a body', () => {
    const { asked, fetch } = world()
    const put = () => fetch(new Request(url, { method: 'PUT', body: 'x' }))
    put()
    put()
    expect(asked).toHaveLength(2)
  })

  it('gives all the same failure', async () => {
    const fetch = singleFlightFetch(() => Promise.reject(new TypeError('fetch failed')))
    const endings = await Promise.all([ending(fetch(url)), ending(fetch(url))])
    expect(endings).toEqual(Array(2).fill({ error: new TypeError('fetch failed') }))
  })

  it('lets one caller leave before the answer, and ends the request with the last', async () => {
    const { asked, fetch } = world()
    const [one, other] = [new AbortController(), new AbortController()]
    const first = ending(fetch(url, { signal: one.signal }))
    const second = ending(fetch(new Request(url, { signal: other.signal })))
    expect(asked).toHaveLength(1)
    one.abort('first')
    expect(await first).toEqual({ error: 'first' })
    expect(asked[0]?.init.signal?.aborted).toBe(false)
    other.abort('last')
    expect(await second).toEqual({ error: 'last' })
    expect(asked[0]?.init.signal?.aborted).toBe(true)
  })

  it('drops an answer that comes when all have left, and gives its connection back', async () => {
    let answer: (response: Response) => void = () => {}
    const deaf = singleFlightFetch(() => new Promise((resolve) => (answer = resolve)))
    const controller = new AbortController()
    const call = deaf(url, { signal: controller.signal })
    controller.abort('changed my mind')
    await expect(call).rejects.toBe('changed my mind')
    const { response, cancelled } = endless()
    answer(response)
    await tick()
    expect(cancelled()).toBeUndefined()
  })

  it('takes a null signal for none, as fetch does', () => {
    const { asked, fetch } = world()
    fetch(new Request(url, { signal: AbortSignal.abort() }), { signal: null })
    expect(asked).toHaveLength(1)
  })

  it('lets one caller leave while the body comes, and the others read on', async () => {
    const { asked, fetch } = world()
    const controller = new AbortController()
    const calls = [fetch(url, { signal: controller.signal }), fetch(url)]
    const { response, cancelled } = endless()
    asked[0]?.answer(response)
    const [left, stays] = await Promise.all(calls)
    const reading = ending(left?.text() as Promise<string>)
    controller.abort(new Error('enough'))
    expect(await reading).toEqual({ error: new Error('enough') })
    const reader = stays?.body?.getReader()
    expect((await reader?.read())?.value).toHaveLength(1024)
    expect(cancelled()).toBe('no')
    await reader?.cancel('done')
    expect(cancelled()).not.toBe('no')
  })

  it('keeps what a response says of itself', async () => {
    const { asked, fetch } = world()
    const { signal } = new AbortController()
    const call = fetch(url, { signal })
    const original = Object.defineProperties(
      new Response('x', { status: 203, statusText: 'Fine' }),
      {
        url: { value: 'https://api.example.com/moved' },
        redirected: { value: true },
      },
    )
    asked[0]?.answer(original)
    const { status, statusText, redirected, url: moved } = await call
    expect([status, statusText, redirected, moved]).toEqual([
      203,
      'Fine',
      true,
      'https://api.example.com/moved',
    ])
  })

  it('takes over what a wrapper has put on it, but not what a platform keeps there, as Deno does', async () => {
    const [wrappers, platforms] = [Symbol.for('evenkeel.test'), Symbol('inner body')]
    const send = singleFlightFetch(async () =>
      Object.assign(new Response('ok'), { own: 1, [wrappers]: 2, [platforms]: 3 }),
    )
    const { signal } = new AbortController()
    const answers = await Promise.all([
      send('https://x/'),
      send('https://x/'),
      send('https://x/', { signal }),
    ])
    for (const answer of answers.slice(1))
      expect([
        Reflect.get(answer, 'own'),
        Reflect.get(answer, wrappers),
        Reflect.get(answer, platforms),
      ]).toEqual([1, 2, undefined])
    expect(await Promise.all(answers.map((each) => each.text()))).toEqual(['ok', 'ok', 'ok'])
  })

  it('is around the platform’s fetch by default', async () => {
    const { fetch: platform } = globalThis
    globalThis.fetch = async () => new Response('mine')
    expect(await (await singleFlightFetch()(url)).text()).toBe('mine')
    globalThis.fetch = platform
  })
})
