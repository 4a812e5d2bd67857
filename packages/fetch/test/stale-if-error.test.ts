import { EvenkeelError } from '@evenkeel/core'
import { manualClock, seededRandom } from '@evenkeel/core/testing'
import { describe, expect, it } from 'vitest'
import { createFetch } from '../src/index.ts'
import {
  isStale,
  type ServedStale,
  type StaleIfErrorOptions,
  staleIfError,
} from '../src/stale-if-error.ts'
import { failure, url } from './world.ts'

type Reply = Response | Error | 'never' | ((init: RequestInit | undefined) => Response)

const good = (text: string, headers: Record<string, string> = {}, status = 200): Response =>
  new Response(text, { status, headers })
const down = (status = 503): Response => new Response('down', { status })

/** A server that gives what it is told, behind a fetch that keeps its answers, on a clock whose wall stands at an hour. */
function world(options: StaleIfErrorOptions = {}) {
  const clock = manualClock(Date.UTC(2026, 10, 28, 12))
  const events: ServedStale[] = []
  let reply: Reply = good('')
  const fetch = staleIfError(
    async (_, init?: RequestInit) => {
      if (reply === 'never')
        return new Promise<Response>((_resolve, reject) => {
          init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
        })
      if (reply instanceof Error) throw reply
      return typeof reply === 'function' ? reply(init) : reply
    },
    { clock, onEvent: (event) => events.push(event), ...options },
  )
  /** What a call is answered with: its text, or the code of what it throws. */
  const text = async (next: Reply, init?: RequestInit, at: string = url): Promise<string> => {
    reply = next
    const answered = await fetch(at, init)
      .then(async (response) => `${isStale(response) ? 'stale ' : ''}${await response.text()}`)
      .catch((error) => `${error.code ?? error.message}`)
    // The body is kept by then.
    await clock.advance(0)
    return answered
  }
  const respond = async (next: Reply, init?: RequestInit): Promise<Response> => {
    reply = next
    return fetch(url, init)
  }
  const date = (offsetMs: number): string => new Date(clock.wallNow() + offsetMs).toUTCString()
  return { clock, fetch, events, text, respond, date }
}

describe('an answer in place of a failure', () => {
  it.each([500, 502, 503, 504])('is the last good one, for a %i', async (status) => {
    const { text } = world()
    expect(await text(good('a'))).toBe('a')
    expect(await text(good('b'))).toBe('b')
    expect(await text(down(status))).toBe('stale b')
    expect(await text(good('c'))).toBe('c')
  })

  it('is given where the network fails, and where the call was not sent', async () => {
    const { text } = world()
    await text(good('a'))
    expect(await text(new TypeError('fetch failed'))).toBe('stale a')
    const open = new EvenkeelError('CIRCUIT_OPEN', 'open', { transient: true })
    expect(await text(open)).toBe('stale a')
  })

  it('hides no other answer, no bug and no abort', async () => {
    const { text } = world()
    await text(good('a'))
    expect(await text(new TypeError('x is not a function'))).toBe('x is not a function')
    expect(await text(good('not there', {}, 501))).toBe('not there')
    await text(good('a'))
    const signal = AbortSignal.abort(new Error('enough'))
    expect(await text(new TypeError('fetch failed'), { signal })).toBe('fetch failed')
  })

  it('leaves the failure where there is none', async () => {
    const { text } = world()
    expect(await text(down())).toBe('down')
    expect(await text(new TypeError('fetch failed'))).toBe('fetch failed')
  })

  it('says what it is: by its age, a guard and an event', async () => {
    const { respond, text, events, clock } = world()
    await text(good('a', { 'cache-control': 'max-age=60', 'x-a': 'b', 'set-cookie': 'id=1' }))
    await clock.advance(90_500)
    const response = await respond(down())
    expect([response.status, isStale(response)]).toEqual([200, true])
    expect(Object.fromEntries(response.headers)).toEqual({
      'cache-control': 'max-age=60',
      'content-type': 'text/plain;charset=UTF-8',
      'x-a': 'b',
      age: '90',
    })
    expect(events).toEqual([
      { type: 'servedStale', url, ageMs: 90_500, staleMs: 30_500, status: 503, error: undefined },
    ])
    const error = new TypeError('fetch failed')
    await text(error)
    expect(events[1]).toMatchObject({ status: undefined, error })
    expect(isStale(await respond(good('a')))).toBe(false)
  })

  it('shows no query, credential or fragment of the URL in that event', async () => {
    const { text, events } = world()
    const secret = 'https://api.example.com/things?token=SECRET#SECRET'
    await text(good('a'), {}, secret)
    await text(down(), {}, secret)
    expect(events[0]?.url).toBe(url)
  })

  it('has the URL of the answer, and a body for each who reads it', async () => {
    const { fetch, text, respond } = world()
    const answer = Object.defineProperty(good('a'), 'url', { value: `${url}/moved` })
    await text(answer)
    const [one, two] = [await respond(down()), await respond(down())]
    expect([one?.url, await one?.text(), await two?.text()]).toEqual([`${url}/moved`, 'a', 'a'])
    await text(new Response(null))
    expect((await respond(down())).body).toBeNull()
    expect(typeof fetch).toBe('function')
  })

  it('frees the body of the failure', async () => {
    const { text, respond } = world()
    await text(good('a'))
    const failed = new Response('down', { status: 503, headers: { 'content-length': '4' } })
    await respond(failed)
    expect(failed.bodyUsed).toBe(true)
  })

  it('comes after what createFetch could do about it', async () => {
    const clock = manualClock()
    let sent = 0
    const send = async (): Promise<Response> => (sent++ ? down() : good('a'))
    const fetch = staleIfError(createFetch({ fetch: send, clock, random: seededRandom(1) }), {
      clock,
    })
    await (await fetch(url)).text()
    const outcome = fetch(url, { evenkeel: { priority: 'critical' } })
    await clock.runAll()
    expect(await (await outcome).text()).toBe('a')
    expect(sent).toBe(5)
  })
})

describe('how long an answer may take the place of a failure', () => {
  it.each<[string, Record<string, string>, number]>([
    ['an hour past now, where nothing says', {}, 3600],
    ['an hour past max-age', { 'cache-control': 'max-age=60' }, 3660],
    ['as long past it as stale-if-error', { 'cache-control': 'max-age=60, stale-if-error=30' }, 90],
    ['not at all past it', { 'cache-control': 'max-age=60, stale-if-error=0' }, 60],
    ['while it is fresh', { 'cache-control': 'Max-Age="60", must-revalidate' }, 60],
    [
      'from the time of its making',
      { 'cache-control': 'max-age=60, stale-if-error=30', age: '50' },
      40,
    ],
    [
      'no longer than a value that is none',
      { 'cache-control': 'max-age=-5, stale-if-error=10' },
      10,
    ],
    ['by the first of two', { 'cache-control': 'max-age=60, max-age=90, stale-if-error=0' }, 60],
    ['s-maxage is not for it', { 'cache-control': 's-maxage=600, stale-if-error=9' }, 9],
  ])('%s: %o', async (_, headers, seconds) => {
    const { text, clock } = world()
    await text(good('a', headers))
    await clock.advance(seconds * 1000)
    expect(await text(down())).toBe('stale a')
    await clock.advance(1)
    expect(await text(down())).toBe('down')
  })

  it('goes by Expires, and by a tenth of the time since it changed', async () => {
    const { text, clock, date } = world({ graceMs: 0 })
    const last = async (headers: Record<string, string>): Promise<number> => {
      await text(good('a', headers))
      let seconds = -1
      while ((await text(down())) === 'stale a') {
        seconds++
        await clock.advance(1000)
      }
      return seconds
    }
    expect(await last({ date: date(0), expires: date(7000) })).toBe(7)
    expect(await last({ expires: date(7000) })).toBe(7)
    expect(await last({ date: date(-2000), expires: date(7000) })).toBe(7)
    expect(await last({ date: date(0), expires: '0' })).toBe(0)
    expect(await last({ date: date(0), expires: date(-1000) })).toBe(0)
    expect(await last({ date: date(0), 'last-modified': date(-50_000) })).toBe(5)
    expect(await last({ 'last-modified': date(50_000) })).toBe(0)
    expect(await last({ 'last-modified': 'yesterday' })).toBe(0)
  })

  it('counts what it took to come, and what the wall says after the machine slept', async () => {
    const { clock, text, fetch, respond } = world({ graceMs: 0 })
    let answer: (response: Response) => void = () => {}
    const slow = staleIfError(
      () =>
        new Promise<Response>((resolve) => {
          answer = resolve
        }),
      { clock, graceMs: 0 },
    )
    const outcome = slow(url)
    await clock.advance(4000)
    answer(good('a', { 'cache-control': 'max-age=10' }))
    await (await outcome).text()
    await clock.advance(6000)
    const then = slow(url)
    answer(down())
    expect(isStale(await then)).toBe(true)
    await clock.advance(1)
    const late = slow(url)
    answer(down())
    expect(isStale(await late)).toBe(false)
    await text(good('a', { 'cache-control': 'max-age=10' }))
    clock.setWall(clock.wallNow() + 20_000)
    expect(isStale(await respond(down()))).toBe(false)
    expect(typeof fetch).toBe('function')
  })

  it('is the call’s to say where the server does not', async () => {
    const { text, clock } = world({ graceMs: 0 })
    const headers = { 'cache-control': 'stale-if-error=30' }
    await text(good('a'), { headers })
    await clock.advance(30_000)
    expect(await text(down(), { headers })).toBe('stale a')
    await text(good('b', { 'cache-control': 'stale-if-error=5' }), { headers })
    await clock.advance(6000)
    expect(await text(down(), { headers })).toBe('down')
  })
})

describe('what is kept', () => {
  it.each<[string, Record<string, string>, number?]>([
    ['no-store', { 'cache-control': 'private, no-store' }],
    ['no-cache', { 'cache-control': 'no-cache' }],
    ['no-cache of a field', { 'cache-control': 'no-cache="set-cookie", max-age=60' }],
    ['Vary: *', { vary: '*' }],
    ['a 404', {}, 404],
    ['a 206', {}, 206],
    ['a 403', {}, 403],
  ])('is nothing of %s, and nothing from before it', async (_, headers, status) => {
    const { text, fetch } = world()
    await text(good('a'))
    await text(good('b', headers, status))
    expect(await text(down())).toBe('down')
    expect(fetch.kept()).toEqual({ entries: 0, bytes: 0 })
  })

  it('is nothing of other methods, of parts, of streams of events, nor of what is not to be stored', async () => {
    const { text, fetch } = world()
    const calls: RequestInit[] = [
      { method: 'POST', body: 'x' },
      { method: 'HEAD' },
      { method: 'QUERY' },
      { headers: { range: 'bytes=0-1' } },
      { headers: { 'if-none-match': '"a"' } },
      { headers: { accept: 'text/event-stream' } },
      { headers: { 'cache-control': 'no-store' } },
      { cache: 'no-store' },
    ]
    for (const init of calls) {
      await text(good('a'), init)
      expect(await text(down(), init)).toBe('down')
    }
    expect(fetch.kept().entries).toBe(0)
  })

  it('is not given to who wants it anew', async () => {
    const { text } = world()
    await text(good('a'))
    for (const init of [
      { cache: 'reload' },
      { cache: 'no-cache' },
      { headers: { 'cache-control': 'no-cache' } },
      { headers: { 'cache-control': 'max-age=0' } },
    ] as const)
      expect(await text(down(), init)).toBe('down')
    expect(await text(down(), { cache: 'force-cache' })).toBe('stale a')
  })

  it('is dropped when the URL was written to, also by who had asked before', async () => {
    const { text, respond, clock } = world()
    await text(good('a'))
    await text(good('', {}, 409), { method: 'PUT' })
    expect(await text(down())).toBe('stale a')
    await text(good(''), { method: 'PUT' })
    expect(await text(down())).toBe('down')
    const asked = await respond(good('before'))
    await text(good(''), { method: 'DELETE' })
    expect(await asked.text()).toBe('before')
    await clock.advance(0)
    expect(await text(good('x', {}, 200), { method: 'DELETE' })).toBe('x')
    expect(await text(down())).toBe('down')
    await text(good('a'))
    await text(good(''), { method: 'PUT' }, `${url}/other`)
    expect(await text(down())).toBe('stale a')
  })

  it('is forgotten when asked to, with what is under way', async () => {
    const { text, fetch, respond, clock } = world()
    await text(good('a'))
    const under = await respond(good('b'))
    fetch.clear()
    await under.text()
    await clock.advance(0)
    expect(fetch.kept()).toEqual({ entries: 0, bytes: 0 })
    expect(await text(down())).toBe('down')
  })

  it('is the newest request’s, whichever answer ends first', async () => {
    const clock = manualClock()
    const answers: ((response: Response) => void)[] = []
    const fetch = staleIfError(() => new Promise<Response>((resolve) => answers.push(resolve)), {
      clock,
    })
    const older = fetch(url)
    await clock.advance(1)
    const newer = fetch(url)
    answers[1]?.(good('newer'))
    await (await newer).text()
    answers[0]?.(good('older'))
    await (await older).text()
    await clock.advance(0)
    const then = fetch(url)
    answers[2]?.(down())
    expect(await (await then).text()).toBe('newer')
  })
})

describe('whose it is', () => {
  const users: Record<string, readonly [RequestInit, RequestInit]> = {
    Authorization: [{ headers: { authorization: 'a' } }, { headers: { authorization: 'b' } }],
    Cookie: [{ headers: { cookie: 'a' } }, { headers: { cookie: 'b' } }],
    'X-Api-Key': [{ headers: { 'X-Api-Key': 'a' } }, { headers: { 'X-Api-Key': 'b' } }],
    'X-User-Id': [{ headers: { 'X-User-Id': 'a' } }, { headers: { 'X-User-Id': 'b' } }],
    credentials: [{ credentials: 'include' }, { credentials: 'omit' }],
    mode: [{ mode: 'cors' }, { mode: 'same-origin' }],
    nothing: [{ headers: { authorization: 'a' } }, {}],
  }
  for (const [name, [one, other]] of Object.entries(users))
    it(`is told by ${name}`, async () => {
      const { text } = world()
      await text(good('secret'), one)
      expect(await text(down(), other)).toBe('down')
      expect(await text(down(), one)).toBe('stale secret')
    })

  it('is told by what the app says', async () => {
    let user = 'alice'
    const { text } = world({ credentialsOf: () => user })
    await text(good('secret'))
    user = 'bob'
    expect(await text(down())).toBe('down')
    user = 'alice'
    expect(await text(down())).toBe('stale secret')
  })

  it('is the same for a relative address as for what that comes to', async () => {
    let isDown = false
    const client = Object.assign(async () => (isDown ? down() : good('a')), {
      baseUrl: new URL('https://api.example.com/v1/'),
    })
    const fetch = staleIfError(client)
    await (await fetch('things')).text()
    isDown = true
    expect(isStale(await fetch('https://api.example.com/v1/things#part'))).toBe(true)
    expect(isStale(await fetch('/things'))).toBe(false)
  })

  it('is told by an address as it is given, where nobody says what it is relative to', async () => {
    const { text } = world()
    await text(good('a'), {}, '/things')
    expect(await text(down(), {}, '/things#part')).toBe('stale a')
    expect(await text(down(), {}, '/others')).toBe('down')
  })

  it('is the same for a Request as for its parts', async () => {
    const { fetch, text } = world()
    await text(good('a'))
    await text(down())
    const response = await fetch(new Request(url))
    expect(isStale(response)).toBe(true)
  })

  it('is nobody’s in a shared store, unless it is public', async () => {
    const { text } = world({ isShared: true })
    const headers = { authorization: 'a' }
    await text(good('a', { 'cache-control': 'private' }))
    expect(await text(down())).toBe('down')
    await text(good('a'), { headers })
    expect(await text(down(), { headers })).toBe('down')
    await text(good('a', { 'cache-control': 'public' }), { headers })
    expect(await text(down(), { headers })).toBe('stale a')
    await text(good('a'))
    expect(await text(down())).toBe('stale a')
  })

  it('goes by s-maxage in a shared store, and not past it', async () => {
    const { text, clock } = world({ isShared: true })
    await text(good('a', { 'cache-control': 'max-age=1, s-maxage=10' }))
    await clock.advance(10_000)
    expect(await text(down())).toBe('stale a')
    await clock.advance(1)
    expect(await text(down())).toBe('down')
  })
})

describe('Vary', () => {
  const speaking = (language: string): RequestInit => ({ headers: { 'accept-language': language } })

  it('keeps apart what differs by the headers it names', async () => {
    const { text, fetch } = world()
    const headers = { vary: 'Accept-Language, X-B' }
    await text(good('hallo', headers), speaking('de'))
    await text(good('hello', headers), speaking('en'))
    expect(await text(down(), speaking('de'))).toBe('stale hallo')
    expect(await text(down(), speaking('en'))).toBe('stale hello')
    expect(await text(down(), speaking('fr'))).toBe('down')
    expect(await text(down())).toBe('down')
    expect(fetch.kept().entries).toBe(2)
  })

  it('counts as the last answer has it', async () => {
    const { text } = world()
    await text(good('a', { vary: 'accept-language' }), speaking('de'))
    await text(good('b'), speaking('en'))
    expect(await text(down(), speaking('fr'))).toBe('stale b')
  })

  it('is remembered for a bounded number of requests', async () => {
    const { text, fetch } = world({ maxEntries: 2 })
    for (let i = 0; i < 20; i++) await text(good('a', { vary: 'x' }), {}, `${url}/${i}`)
    expect(await text(down(), {}, `${url}/19`)).toBe('stale a')
    expect(await text(down(), {}, `${url}/0`)).toBe('down')
    expect(fetch.kept().entries).toBe(2)
  })
})

describe('the room for it', () => {
  it('is bounded in number: what was not used for longest goes first', async () => {
    const { text, fetch } = world({ maxEntries: 2 })
    await text(good('a'), {}, `${url}/a`)
    await text(good('b'), {}, `${url}/b`)
    await text(down(), {}, `${url}/a`)
    await text(good('c'), {}, `${url}/c`)
    expect(await text(down(), {}, `${url}/b`)).toBe('down')
    expect(await text(down(), {}, `${url}/a`)).toBe('stale a')
    expect(fetch.kept().entries).toBe(2)
  })

  it('is bounded in bytes, headers and URL included', async () => {
    const { text, fetch } = world({ maxBytes: 2000 })
    for (let i = 0; i < 10; i++) {
      await text(good('x'.repeat(300)), {}, `${url}/${i}`)
      expect(fetch.kept().bytes).toBeLessThanOrEqual(2000)
    }
    expect(fetch.kept().entries).toBeGreaterThan(2)
    await text(good('x'.repeat(3000)), {}, `${url}/long`)
    expect(fetch.kept()).toEqual({ entries: 0, bytes: 0 })
  })

  it('is none for a long body, whether it says so or not', async () => {
    const { text, fetch } = world({ maxBodyBytes: 4 })
    expect(await text(good('abcd'))).toBe('abcd')
    expect(fetch.kept().entries).toBe(1)
    expect(await text(good('abcde'))).toBe('abcde')
    expect(fetch.kept().entries).toBe(0)
    expect(await text(good('abcde', { 'content-length': '5' }))).toBe('abcde')
    expect(fetch.kept().entries).toBe(0)
  })

  it('is none for a body that breaks, or that was read before', async () => {
    const { text, fetch, respond, clock } = world()
    const broken = new ReadableStream({
      pull(controller) {
        controller.error(new Error('cut'))
      },
    })
    expect(await text(new Response(broken))).toBe('cut')
    const read = good('a')
    await read.text()
    await respond(read)
    await clock.advance(0)
    expect(fetch.kept().entries).toBe(0)
  })

  it.each<[StaleIfErrorOptions, string]>([
    [{ graceMs: -1 }, 'staleIfError: graceMs must be a number ≥ 0, got -1'],
    [{ maxEntries: 0 }, 'staleIfError: maxEntries must be a number ≥ 1, got 0'],
    [{ maxBytes: 0 }, 'staleIfError: maxBytes must be a number ≥ 1, got 0'],
    [{ maxBodyBytes: -1 }, 'staleIfError: maxBodyBytes must be a number ≥ 0, got -1'],
  ])('is what makes sense: %o does not', (options, message) => {
    expect(() => staleIfError(undefined, options)).toThrow(new RangeError(message))
  })
})

describe('what it stays out of', () => {
  it('leaves bad arguments to the platform’s fetch, which it calls by default', async () => {
    expect((await failure(staleIfError()('not a URL'))).name).toBe('TypeError')
    const { fetch: platform } = globalThis
    globalThis.fetch = async () => good('a')
    expect(await (await staleIfError()(url)).text()).toBe('a')
    globalThis.fetch = platform
  })
})
