import { errorCode } from '@evenkeel/core'
import { manualClock } from '@evenkeel/core/testing'
import { describe, expect, it } from 'vitest'
import {
  type OutboxFetchOptions,
  outboxFetch,
  type ReplayRefused,
  type StoredRequest,
} from '../src/fetch.ts'
import { memoryStore } from '../src/memory.ts'
import { failure } from './world.ts'

type Answer = Response | Error | (() => Response | Promise<Response>)

const messages = 'https://api.example.com/messages'

/** An outbox over a server that gives the answers in order, and 200 when there are none left. */
function world({
  store = memoryStore(),
  ...options
}: OutboxFetchOptions & { store?: ReturnType<typeof memoryStore> } = {}) {
  const clock = manualClock()
  const answers: Answer[] = []
  const asked: { url: string; init: RequestInit & { evenkeel?: object }; headers: Headers }[] = []
  const told: string[] = []
  let isOnline = true
  const listeners = new Set<(signal: 'online') => void>()
  let keys = 0
  const send = outboxFetch(store, {
    fetch: async (url, init) => {
      asked.push({ url, init, headers: new Headers(init.headers) })
      init.signal?.throwIfAborted()
      const answer = answers.shift() ?? new Response('done')
      if (answer instanceof Error) throw answer
      return typeof answer === 'function' ? answer() : answer
    },
    signals: {
      isOnline: () => isOnline,
      listen(listener) {
        listeners.add(listener as never)
        return () => listeners.delete(listener as never)
      },
    },
    createKey: () => `key-${++keys}`,
    clock,
    random: () => 0.5,
    ...options,
    onEvent(event) {
      told.push(event.type)
      options.onEvent?.(event)
    },
  })
  const post = (body: BodyInit = 'hello', init: Parameters<typeof send>[1] = {}) =>
    send(messages, { method: 'POST', body, ...init })
  return {
    clock,
    answers,
    asked,
    told,
    send,
    post,
    store,
    goOffline() {
      isOnline = false
    },
    async goOnline() {
      isOnline = true
      for (const listener of listeners) listener('online')
      await clock.advance(60_000)
    },
    /** Stores a request, and gives the entry. */
    async later(init: Parameters<typeof send>[1] = {}) {
      const { queued } = await post('hello', { outbox: { stores: true }, ...init })
      if (!queued) throw new Error('It was sent')
      return queued
    },
    get last() {
      return asked.at(-1) as (typeof asked)[number]
    },
  }
}

/** What fetch throws without a network. */
const noNetwork = () => new TypeError('fetch failed')

describe('a request', () => {
  it('is sent at once when it can be, and nothing is stored', async () => {
    const { post, asked, told } = world()
    const { sent, queued } = await post()
    expect([sent?.status, queued, await sent?.text()]).toEqual([200, undefined, 'done'])
    expect(asked.map(({ url, init }) => [url, init.method, init.body])).toEqual([
      [messages, 'POST', 'hello'],
    ])
    expect(told).toEqual([])
  })

  it('gets its answer whatever that is: what was sent at once is the caller’s', async () => {
    const { post, answers, told } = world()
    answers.push(new Response(null, { status: 503 }))
    expect((await post()).sent?.status).toBe(503)
    expect(told).toEqual([])
  })

  it('has a key, which is the same when it is sent later', async () => {
    const { post, answers, asked, clock } = world()
    answers.push(noNetwork())
    const { queued } = await post()
    expect(queued?.idempotencyKey).toBe('key-1')
    await clock.advance(60_000)
    expect(asked.map(({ headers }) => headers.get('idempotency-key'))).toEqual([
      '"key-1"',
      '"key-1"',
    ])
  })

  it('keeps the key that it has, in whatever way that is written', async () => {
    const { later, goOnline, asked, post } = world()
    const entry = await later({ headers: { 'idempotency-key': '"a \\"b\\""' } })
    expect(entry.idempotencyKey).toBe('a "b"')
    await goOnline()
    expect(asked[0]?.headers.get('idempotency-key')).toBe('"a \\"b\\""')
    await post('x', { outbox: { idempotencyKey: 'mine' } })
    expect(asked[1]?.headers.get('idempotency-key')).toBe('"mine"')
    const bare = world({ idempotency: { header: 'X-Key', format: 'bare' } })
    await bare.post('x', { headers: { 'x-key': '"as it is"' } })
    await bare.post('x')
    expect(bare.asked.map(({ headers }) => headers.get('x-key'))).toEqual(['"as it is"', 'key-1'])
  })

  it('is stored without a try when there is no network, and sent when there is one', async () => {
    const { post, goOffline, goOnline, asked, told } = world()
    goOffline()
    const { queued } = await post()
    expect([queued?.lane, asked.length, told]).toEqual([messages, 0, ['stored']])
    await goOnline()
    expect([asked.length, told]).toEqual([1, ['stored', 'sending', 'sent']])
  })

  it('is stored when a policy refused to send it', async () => {
    const { post, answers } = world()
    answers.push(failure({ reached: 'no' }, 'CIRCUIT_OPEN'))
    expect((await post()).queued).toBeDefined()
  })

  it('is not stored when it may have been applied, or will fail again', async () => {
    for (const error of [
      failure({ reached: 'maybe' }, 'TIMEOUT'),
      failure({ reached: 'no', transient: false }, 'CLIENT_CLOSED'),
      new Error('a bug'),
    ]) {
      const { post, answers, told } = world()
      answers.push(error)
      await expect(post()).rejects.toBe(error)
      expect(told).toEqual([])
    }
  })

  it('is stored when a policy would not try again what got no answer, if it has a key', async () => {
    const refused = () =>
      failure(
        {
          reached: 'maybe',
          cause: failure({ reached: 'maybe', cause: noNetwork() }, 'NETWORK_ERROR'),
        },
        'RETRY_BUDGET_EXHAUSTED',
      )
    const keyed = world()
    keyed.answers.push(refused())
    expect((await keyed.post()).queued).toBeDefined()
    const bare = world()
    bare.answers.push(refused())
    await expect(bare.post('x', { outbox: { idempotencyKey: false } })).rejects.toMatchObject({
      code: 'RETRY_BUDGET_EXHAUSTED',
    })
  })

  it('without a key is not stored when nobody knows whether it got there', async () => {
    const { post, answers } = world()
    const error = noNetwork()
    answers.push(error)
    await expect(post('x', { outbox: { idempotencyKey: false } })).rejects.toBe(error)
    answers.push(failure({ reached: 'no' }, 'CIRCUIT_OPEN'))
    const { queued } = await post('x', { outbox: { idempotencyKey: false } })
    expect(queued?.idempotencyKey).toBeUndefined()
  })

  it('is stored when the app says so', async () => {
    let wasCancelled = false
    const body = new ReadableStream({
      cancel() {
        wasCancelled = true
      },
    })
    const { post, answers } = world({ shouldStore: ({ response }) => response?.status === 503 })
    answers.push(new Response(body, { status: 503 }), noNetwork())
    expect((await post()).queued).toBeDefined()
    expect(wasCancelled).toBe(true)
    const { send } = world({ shouldStore: ({ error }) => error !== undefined })
    expect((await send(messages, { method: 'PUT' })).sent).toBeDefined()
  })

  it('waits behind what its lane has already, and behind nothing else', async () => {
    const { post, send, later, asked, clock } = world()
    await later()
    expect((await post('second')).queued).toBeDefined()
    expect((await send('https://api.example.com/other', { method: 'POST' })).sent).toBeDefined()
    await clock.advance(60_000)
    const inLane = asked.filter(({ url }) => url === messages)
    expect(inLane.map(({ init }) => init.body)).toEqual(['hello', 'second'])
  })

  it('waits behind what an earlier page left', async () => {
    const store = memoryStore()
    const before = world({ store })
    before.goOffline()
    await before.post('first')
    const after = world({ store })
    after.goOffline()
    expect((await after.post('second')).queued).toBeDefined()
    await after.goOnline()
    expect(after.asked.map(({ init }) => init.body)).toEqual(['first', 'second'])
  })

  it('is sent all the same when the store can’t be read', async () => {
    const broken = memoryStore()
    const { post } = world({ store: { ...broken, read: async () => Promise.reject('broken') } })
    expect((await post()).sent?.status).toBe(200)
  })

  it('is sent all the same when the store breaks while something waits', async () => {
    const place = memoryStore()
    let isBroken = false
    const through = <V>(operate: () => Promise<V>): Promise<V> =>
      isBroken ? Promise.reject('broken') : operate()
    const { post, goOffline, goOnline, asked } = world({
      store: {
        ...place,
        read: () => through(place.read),
        write: (changes) => through(() => place.write(changes)),
      },
    })
    goOffline()
    await post('first')
    isBroken = true
    await expect(post('second')).rejects.toBe('broken')
    const online = goOnline()
    expect((await post('third')).sent?.status).toBe(200)
    await online
    expect(asked.map(({ init }) => init.body)).toEqual(['third'])
  })

  it('has the lane that it, or the app, names', async () => {
    const { later } = world({ lane: ({ method, url }) => `${method} ${new URL(url).pathname}` })
    expect((await later()).lane).toBe('POST /messages')
    expect((await later({ outbox: { stores: true, lane: 'own' } })).lane).toBe('own')
    const { send } = world()
    const { queued } = await send(`${messages}?q=1#a`, { method: 'PUT', outbox: { stores: true } })
    expect(queued?.lane).toBe(messages)
  })

  it('that reads is never stored', async () => {
    const { send, answers, asked } = world()
    const error = noNetwork()
    answers.push(error)
    await expect(send(messages, { outbox: { stores: true } })).rejects.toBe(error)
    expect(asked[0]?.headers.has('idempotency-key')).toBe(false)
  })

  it('that is aborted is not stored', async () => {
    const { post, told, answers } = world()
    const controller = new AbortController()
    controller.abort('enough')
    const aborted = { signal: controller.signal, outbox: { stores: true } }
    await expect(post('x', aborted)).rejects.toBe('enough')
    answers.push(noNetwork())
    await expect(post('x', { signal: controller.signal })).rejects.toBe('enough')
    expect(told).toEqual([])
  })

  it('tells a resilient fetch that it may repeat what has a key, and of the entry not', async () => {
    const { post, later, asked, goOnline } = world({ priority: () => 'critical' })
    await post('x', { evenkeel: { tag: 'mine' } })
    await post('x', { outbox: { idempotencyKey: false } })
    await post('x', { evenkeel: { tag: 'a' }, outbox: { idempotencyKey: false } })
    await later()
    await goOnline()
    expect(asked.map(({ init }) => init.evenkeel)).toEqual([
      { tag: 'mine', idempotent: true },
      undefined,
      { tag: 'a' },
      { priority: 'critical', isRetried: true },
    ])
  })

  it('is refused after the end', async () => {
    const { send, post } = world()
    await send[Symbol.asyncDispose]()
    expect(await post().catch(errorCode)).toBe('OUTBOX_CLOSED')
  })
})

describe('what is asked for by mistake', () => {
  it.each([
    [{ fetch: 'node-fetch' }, 'fetch must be of type function or undefined, got node-fetch'],
    [{ headers: { authorization: 'Bearer x' } }, 'headers must be of type function'],
    [{ shouldStoreHeader: /x/ }, 'shouldStoreHeader must be of type function'],
    [{ lane: 'messages' }, 'lane must be of type function or undefined, got messages'],
    [{ shouldStore: true }, 'shouldStore must be of type function or undefined, got true'],
    [{ conflict: 'drop' }, 'conflict must be of type function or undefined, got drop'],
    [{ idempotency: { format: 'plain' } }, 'format must be quoted or bare, got plain'],
    [{ idempotency: { name: 'X-Key' } }, 'there is no option name'],
    [{ idempotency: { header: 'my key' } }, 'my key'],
    [{ retries: 3 }, 'there is no option retries'],
  ])('is refused at creation: %o', (options, message) => {
    expect(() => outboxFetch(memoryStore(), options as never)).toThrow(message)
  })

  it.each([
    [{ dedupeKey: 'draft' }, 'there is no option dedupeKey'],
    [{ dedupKey: 7 }, 'dedupKey must be of type string or undefined, got 7'],
    [{ lane: 7 }, 'lane must be of type string, got 7'],
    [{ idempotencyKey: 7 }, 'idempotencyKey must be of type string, boolean or undefined, got 7'],
    [{ idempotencyKey: '' }, 'idempotencyKey must not be empty'],
    [{ ttlMs: 0 }, 'ttlMs must be a number from 1'],
  ])('is refused though there is a network: %o', async (outbox, message) => {
    const { post, asked } = world()
    await expect(post('x', { outbox: outbox as never })).rejects.toThrow(message)
    expect(asked).toEqual([])
  })

  it.each([
    ['a password in the URL', 'https://me:secret@api.example.com/', 'POST'],
    ['a method that there is not', messages, 'CONNECT'],
  ])('as fetch would refuse it is not stored: %s', async (_what, url, method) => {
    const { send, store } = world()
    await expect(send(url, { method, outbox: { stores: true } })).rejects.toThrow(TypeError)
    expect(await store.read()).toEqual([])
  })

  it('is sent as fetch would send it: a number as text', async () => {
    const { post, later } = world()
    expect((await post(7 as never)).sent?.status).toBe(200)
    expect((await later({ body: 7 as never })).payload.body).toBe('7')
  })
})

describe('what is stored', () => {
  const stored = async (init: Parameters<ReturnType<typeof world>['later']>[0]) =>
    (await world().later(init)).payload

  it('is text as text, and all else as the bytes that the platform would send', async () => {
    const text = await stored({ body: '{"a":1}', headers: { 'content-type': 'application/json' } })
    expect(text).toEqual({
      method: 'POST',
      url: messages,
      headers: [['content-type', 'application/json']],
      body: '{"a":1}',
      fields: {},
    } satisfies StoredRequest)
    const query = await stored({ body: new URLSearchParams({ a: 'b c' }) })
    expect([query.body, query.headers]).toEqual([
      'a=b+c',
      [['content-type', 'application/x-www-form-urlencoded;charset=UTF-8']],
    ])
    const bytes = await stored({ body: new Uint8Array([1, 2]) })
    expect(bytes).toMatchObject({ body: new Uint8Array([1, 2]), headers: [] })
    const blob = await stored({ body: new Blob(['x'], { type: 'text/csv' }) })
    expect(blob).toMatchObject({
      body: new Uint8Array([120]),
      headers: [['content-type', 'text/csv']],
    })
  })

  it('is a form with its files, read by the server as it was', async () => {
    const form = new FormData()
    form.set('name', 'a')
    form.set('file', new File(['content'], 'a.txt'))
    const { body, headers } = await stored({ body: form })
    const read = await new Response(body, { headers: headers as [string, string][] }).formData()
    expect([read.get('name'), await (read.get('file') as File).text()]).toEqual(['a', 'content'])
  })

  it.each([
    ['nothing', []],
    [
      'texts',
      [
        ['a', '1'],
        ['a', 'two\nlines\r\nand\rmore'],
        ['', ''],
      ],
    ],
    [
      'names in need of care',
      [
        ['a "quoted"\r\nname\n%', 'x'],
        ['ünï', '\u{1F600}'],
      ],
    ],
    [
      'files',
      [
        ['file', new File(['one\ntwo'], 'a "b"\r\n ünï.txt', { type: 'text/plain' })],
        ['file', new File([], 'empty')],
        ['blob', new Blob([Uint8Array.of(0, 13, 10, 255)])],
      ],
    ],
  ] as [string, [string, string & Blob][]][])(
    'is a form written as the platform writes it: %s',
    async (_what, fields) => {
      const form = new FormData()
      for (const [name, value] of fields) form.append(name, value)
      const bare = (body: Uint8Array, type: string | null | undefined) =>
        Buffer.from(body)
          .toString('latin1')
          .replaceAll(type?.split('boundary=')[1] ?? '', 'boundary')
      const platform = new Response(form)
      const type = platform.headers.get('content-type')
      const { body, headers } = await stored({ body: form })
      expect(bare(body as Uint8Array, headers.find(([name]) => name === 'content-type')?.[1])).toBe(
        bare(new Uint8Array(await platform.arrayBuffer()), type),
      )
    },
  )

  it('is a Request, and how it is to be made', async () => {
    const { send, goOnline, last, asked } = world()
    const request = new Request(messages, {
      method: 'put',
      body: 'x',
      headers: { 'x-a': 'b' },
      redirect: 'error',
      credentials: 'include',
    })
    const { queued } = await send(request, { outbox: { stores: true } })
    expect(queued?.payload).toMatchObject({
      method: 'PUT',
      body: new Uint8Array([120]),
      fields: { redirect: 'error', credentials: 'include' },
    })
    expect(last).toBeUndefined()
    await goOnline()
    expect(asked[0]?.init).toMatchObject({ redirect: 'error', credentials: 'include' })
    expect((await send(new Request(messages), { signal: null })).sent).toBeDefined()
  })

  it('is no stream, which is said before anything is sent', async () => {
    const { post, asked } = world()
    expect(await post(new ReadableStream()).catch(errorCode)).toBe('BODY_NOT_STORABLE')
    expect(asked).toEqual([])
  })

  it('has an address that is whole', async () => {
    const { send } = world({ baseUrl: 'https://api.example.com/v1/' })
    const { queued } = await send('notes', { method: 'PUT', outbox: { stores: true } })
    expect(queued?.payload.url).toBe('https://api.example.com/v1/notes')
    await expect(world().send('notes', { method: 'PUT' })).rejects.toThrow(TypeError)
  })

  it('has no credentials, unless the app insists', async () => {
    const headers = {
      authorization: 'Bearer a',
      'x-api-key': 'b',
      'x-csrf-token': 'c',
      'x-other': 'd',
    }
    expect((await stored({ headers })).headers).toEqual([['x-other', 'd']])
    const own = world({ shouldStoreHeader: ({ name }) => name === 'x-api-key' })
    expect((await own.later({ headers })).payload.headers).toEqual([['x-api-key', 'b']])
  })
})

describe('what is sent later', () => {
  it('has the headers of today', async () => {
    const { later, goOnline, asked } = world({
      headers: async ({ url }) => ({ authorization: `token for ${url}` }),
    })
    await later({ headers: { authorization: 'of yesterday', 'x-a': 'b' } })
    await goOnline()
    const { headers } = asked[0] as (typeof asked)[number]
    expect([headers.get('authorization'), headers.get('x-a')]).toEqual([
      `token for ${messages}`,
      'b',
    ])
  })

  it('waits while those can’t be had, which is no try', async () => {
    let fails = 1
    const { later, send, clock, told } = world({
      headers: () => {
        if (fails-- > 0) throw new Error('no token')
        return []
      },
    })
    await later({ outbox: { stores: true, idempotencyKey: false } })
    await clock.advance(0)
    expect((await send.outbox.entries()).map(({ attempts }) => attempts)).toEqual([0])
    await clock.advance(60_000)
    expect(told.slice(-2)).toEqual(['sending', 'sent'])
  })

  it('tells its answer, and frees what nobody reads', async () => {
    const cancelled: string[] = []
    const answer =
      (name: string, status = 200) =>
      () =>
        new Response(new ReadableStream({ cancel: () => void cancelled.push(name) }), { status })
    const read: unknown[] = []
    const { later, answers, clock } = world({
      onEvent(event) {
        if (event.type === 'sent' && event.entry.dedupKey === 'read')
          read.push(event.result?.body?.getReader())
      },
    })
    answers.push(answer('unread'), answer('read'), answer('refused', 404))
    for (const dedupKey of ['unread', 'read', 'refused']) {
      await later({ outbox: { stores: true, dedupKey } })
      await clock.advance(60_000)
    }
    expect([cancelled, read.length]).toEqual([['unread', 'refused'], 1])
  })

  it('waits for a server that is unwell as long as it asks', async () => {
    for (const status of [401, 408, 425, 429, 500, 503]) {
      const { later, answers, asked, clock, told } = world()
      answers.push(new Response(null, { status, headers: { 'retry-after': '100' } }))
      await later()
      await clock.advance(99_000)
      expect([status, asked.length, told.at(-1)]).toEqual([status, 1, 'retryScheduled'])
      await clock.advance(60_000)
      expect([status, told.at(-1)]).toEqual([status, 'sent'])
    }
  })

  it('is reported when the server refuses it for good', async () => {
    const failures: unknown[] = []
    const { later, answers, clock, send } = world({
      onEvent: (event) => event.type === 'failed' && failures.push(event.error),
    })
    answers.push(new Response(null, { status: 422 }))
    await later()
    await clock.advance(60_000)
    expect(failures).toMatchObject([
      {
        name: 'ReplayRefused',
        status: 422,
        message: 'POST https://api.example.com answered 422',
        isConflict: false,
      },
    ])
    expect(await send.outbox.entries()).toEqual([])
  })

  it('asks what to do about a conflict, and sends what it is told under a new key', async () => {
    const { later, answers, clock, asked, told } = world({
      async conflict({ entry, response }) {
        return { replace: { ...entry.payload, body: `merged with ${await response.text()}` } }
      },
    })
    answers.push(new Response('theirs', { status: 412 }))
    await later()
    await clock.advance(120_000)
    expect(asked.map(({ init }) => init.body)).toEqual(['hello', 'merged with theirs'])
    const [first, second] = asked.map(({ headers }) => headers.get('idempotency-key'))
    expect(first).not.toBe(second)
    expect(told.at(-1)).toBe('sent')
  })

  it('asks the app about other refusals, if it wants to be', async () => {
    const { later, answers, clock, told } = world({
      conflict: () => 'drop',
      resolution: ({ error }) => ((error as ReplayRefused).status === 403 ? 'retry' : 'drop'),
    })
    answers.push(new Response(null, { status: 403 }), new Response(null, { status: 409 }))
    await later()
    await clock.advance(600_000)
    expect(told.filter((type) => /retry|failed/.test(type))).toEqual(['retryScheduled', 'failed'])
  })

  it('takes a 409 that names a time for a server that is still at it', async () => {
    const { later, answers, clock, told } = world({ conflict: () => 'drop' })
    answers.push(new Response(null, { status: 409, headers: { 'retry-after': '1' } }))
    await later()
    await clock.advance(60_000)
    expect(told.at(-1)).toBe('sent')
  })

  it('without a key is not given up for a network that was not there', async () => {
    const { post, goOffline, answers, clock, send, told } = world()
    goOffline()
    await post('x', { outbox: { idempotencyKey: false } })
    answers.push(noNetwork(), noNetwork(), noNetwork(), noNetwork())
    // Platforms have been wrong: after a minute it is tried all the same.
    await clock.advance(61_000)
    expect(told).toContain('retryScheduled')
    expect((await send.outbox.entries()).map(({ attempts }) => attempts)).toEqual([0])
  })

  it('without a key is reported when nobody knows whether it got there', async () => {
    const { later, answers, clock, told } = world()
    answers.push(noNetwork())
    await later({ outbox: { stores: true, idempotencyKey: false } })
    await clock.advance(60_000)
    expect(told.at(-1)).toBe('failed')
  })
})

it('has the platform’s own fetch, clock and keys by default', async () => {
  const send = outboxFetch(memoryStore())
  const url = 'data:text/plain,hello'
  expect(await (await send(url)).sent?.text()).toBe('hello')
  const { queued } = await send(messages, { method: 'POST', outbox: { stores: true } })
  expect(queued?.idempotencyKey).toMatch(/^[\da-f-]{36}$/)
  await send.close()
})
