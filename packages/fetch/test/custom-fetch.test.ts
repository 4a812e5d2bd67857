import { describe, expect, it } from 'vitest'
import { createFetch, type FetchOptions, type ResilientFetch } from '../src/index.ts'
import { failure, url, world } from './world.ts'

type Send = typeof globalThis.fetch

/** Our fetch around whatever takes the place of fetch, and how often that was called. */
function around(
  send: (input: unknown, init: RequestInit, call: number) => unknown,
  options: FetchOptions = {},
): {
  readonly fetch: ResilientFetch
  readonly clock: ReturnType<typeof world>['clock']
  readonly calls: () => number
} {
  const { clock } = world([200])
  let calls = 0
  const fetch = createFetch({
    clock,
    fetch: ((input: unknown, init: RequestInit) => send(input, init, ++calls)) as Send,
    ...options,
  })
  return { fetch, clock, calls: () => calls }
}

const reset = Object.assign(new TypeError('fetch failed'), {
  cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }),
})

describe('a fetch that is not quite one', () => {
  it('that throws, rather than rejects, is retried as if it had rejected', async () => {
    const { fetch, clock, calls } = around(
      (_, __, call) => {
        if (call < 3) throw reset
        return Promise.resolve(new Response('ok'))
      },
      { retry: { budget: false } },
    )
    const outcome = fetch(url)
    await clock.runAll()
    expect(await (await outcome).text()).toBe('ok')
    expect(calls()).toBe(3)
  })

  it('that throws for ever ends with that very error, and leaves nothing behind', async () => {
    const { fetch, clock, calls } = around(
      () => {
        throw reset
      },
      { retry: { budget: false } },
    )
    const { signal } = new AbortController()
    const error = failure(fetch(url, { signal }))
    await clock.runAll()
    expect(await error).toBe(reset)
    expect(calls()).toBe(4)
    expect(clock.pending).toBe(0)
  })

  it('may answer without a promise', async () => {
    const { fetch } = around(() => new Response('ok'))
    expect(await (await fetch(url)).text()).toBe('ok')
  })

  it('may answer with a thenable that returns nothing, or settles twice', async () => {
    const { fetch } = around(() => ({
      // biome-ignore lint/suspicious/noThenProperty: the point of the test
      then(resolve: (value: Response) => void, reject: (error: unknown) => void) {
        resolve(new Response('first'))
        resolve(new Response('second'))
        reject(new Error('third'))
      },
    }))
    expect(await (await fetch(url)).text()).toBe('first')
  })

  it.each([undefined, null, 'text', 7, {}, []])(
    'that answers %j is told apart from an outage, and said so',
    async (answer) => {
      const { fetch, clock, calls } = around(() => Promise.resolve(answer))
      for (let call = 0; call < 10; call++) {
        const error = failure(fetch(url))
        await clock.runAll()
        expect(await error).toBeInstanceOf(TypeError)
        expect((await error).message).toMatch(/^fetch gave no Response but /)
      }
      expect(calls()).toBe(10)
    },
  )

  it('that takes no notice of an abort does not hold the caller up', async () => {
    let answer: (response: Response) => void = () => {}
    const { fetch, clock } = around(() => new Promise((resolve) => (answer = resolve)))
    const controller = new AbortController()
    const error = failure(fetch(url, { signal: controller.signal }))
    await clock.advance(10)
    controller.abort('enough')
    expect(await error).toBe('enough')
    const late = new Response('late')
    answer(late)
    await clock.runAll()
    expect(late.bodyUsed).toBe(true)
    expect(clock.pending).toBe(0)
  })

  it('that takes no notice of a timeout does not hold the caller up, nor get its late answer kept', async () => {
    const answers: ((response: Response) => void)[] = []
    const { fetch, clock } = around(() => new Promise((resolve) => answers.push(resolve)), {
      attemptTimeoutMs: 1000,
      retry: { maxRetries: 1, budget: false },
    })
    const error = failure(fetch(url))
    await clock.advance(1000)
    const late = new Response('of the first attempt')
    answers[0]?.(late)
    await clock.runAll()
    expect((await error).code).toBe('TIMEOUT')
    expect(answers).toHaveLength(2)
    expect(late.bodyUsed).toBe(true)
    const later = new Response('of the second')
    answers[1]?.(later)
    await clock.runAll()
    expect(later.bodyUsed).toBe(true)
    expect(clock.pending).toBe(0)
  })

  it('that rejects long after an abort causes no unhandled rejection', async () => {
    let fail: (error: unknown) => void = () => {}
    const { fetch, clock } = around(() => new Promise((_, reject) => (fail = reject)))
    const controller = new AbortController()
    const error = failure(fetch(url, { signal: controller.signal }))
    controller.abort(new Error('enough'))
    expect((await error).message).toBe('enough')
    fail(reset)
    await clock.runAll()
    await new Promise((resolve) => setImmediate(resolve))
  })

  it('gets a signal of its own, plain init and the input as it was given', async () => {
    const { fetch, sent } = world([200])
    const input = new URL(url)
    const signal = new AbortController().signal
    await fetch(input, { signal, cache: 'no-store' })
    expect(sent[0]?.input).toBe(input)
    expect(sent[0]?.init).toMatchObject({ cache: 'no-store' })
    expect(Object.getPrototypeOf(sent[0]?.init)).toBe(Object.prototype)
    expect(sent[0]?.init.signal).toBeInstanceOf(AbortSignal)
  })

  it('is looked up at each call when it is the platform’s, so that it can be replaced later', async () => {
    const fetch = createFetch()
    const { fetch: platform } = globalThis
    try {
      globalThis.fetch = async () => new Response('replaced')
      expect(await (await fetch(url)).text()).toBe('replaced')
    } finally {
      globalThis.fetch = platform
    }
  })
})

/** What stands in for a Response in an app's tests. */
const double = (fields: object): object => ({ ok: true, status: 200, ...fields })

describe('an answer that is not quite a Response', () => {
  it.each([
    double({ json: async () => ({ a: 1 }) }),
    double({ headers: null, json: async () => ({ a: 1 }) }),
    double({ headers: {}, body: 'text', json: async () => ({ a: 1 }) }),
    double({ headers: new Map(), body: null, json: async () => ({ a: 1 }) }),
  ])('is handed back as it is: %j', async (answer) => {
    const { fetch, clock } = around(async () => answer)
    const response = await fetch(url)
    expect(response).toBe(answer)
    expect(await response.json()).toEqual({ a: 1 })
    expect(clock.pending).toBe(0)
  })

  it.each([
    {},
    { headers: null },
    { headers: {} },
    { headers: { get: () => undefined } },
    { headers: new Map([['retry-after', '2']]) },
    { body: 'text' },
    { body: {} },
    { body: { cancel: () => {} } },
    { body: { cancel: () => Promise.reject(new Error('locked')) } },
    { body: {}, headers: { get: () => '1' } },
  ])('is retried by its status, whatever it lacks: %j', async (fields) => {
    const { fetch, clock, calls } = around(async (_, __, call) =>
      call === 1 ? { status: 503, ...fields } : new Response('ok'),
    )
    const outcome = fetch(url)
    await clock.runAll()
    expect(await (await outcome).text()).toBe('ok')
    expect(calls()).toBe(2)
    expect(clock.pending).toBe(0)
  })

  it('with a stream of Node’s as its body has that destroyed when another attempt follows', async () => {
    let isDestroyed = false
    const { fetch, clock } = around(async (_, __, call) =>
      call === 1
        ? { status: 503, headers: new Headers(), body: { destroy: () => (isDestroyed = true) } }
        : new Response('ok'),
    )
    const outcome = fetch(url)
    await clock.runAll()
    await outcome
    expect(isDestroyed).toBe(true)
  })

  it('keeps the readers that a wrapper gave it', async () => {
    const { fetch } = around(async () =>
      Object.assign(new Response('{"a":1}'), { json: async () => 'of the wrapper' }),
    )
    const response = await fetch(url)
    expect(await response.json()).toBe('of the wrapper')
    expect(await response.text()).toBe('{"a":1}')
  })

  it('may be frozen', async () => {
    const answer = Object.freeze(new Response('{"a":1}'))
    const { fetch } = around(async () => answer)
    expect(await fetch(url)).toBe(answer)
    expect(await answer.json()).toEqual({ a: 1 })
  })

  it('may be of a class of its own, whose readers call one another', async () => {
    class Parsed extends Response {
      override async json(): Promise<unknown> {
        return { parsed: await this.text() }
      }
    }
    const { fetch, clock } = around(async () => new Parsed('x'))
    const response = await fetch(url)
    expect(response).toBeInstanceOf(Parsed)
    expect(await response.json()).toEqual({ parsed: 'x' })
    expect(clock.pending).toBe(0)
  })

  it('may be used up already', async () => {
    const { fetch, clock, calls } = around(async (_, __, call) => {
      const response = new Response('x', { status: call === 1 ? 503 : 200 })
      await response.text()
      return response
    })
    const outcome = fetch(url)
    await clock.runAll()
    expect((await outcome).bodyUsed).toBe(true)
    expect(calls()).toBe(2)
  })

  it('whose status throws rejects with what it throws', async () => {
    const answer = {
      get status(): number {
        throw new Error('no status')
      },
    }
    const { fetch, clock } = around(async () => answer, { retry: false })
    const error = failure(fetch(url))
    await clock.runAll()
    expect((await error).message).toBe('no status')
  })

  it.each([
    ['Response.error()', () => Response.error()],
    [
      'one of status 0, as opaque ones are',
      () => double({ status: 0, type: 'opaque', body: null }),
    ],
    ['a 304', () => new Response(null, { status: 304 })],
    [
      'a 206',
      () => new Response('part', { status: 206, headers: { 'content-range': 'bytes 0-3/9' } }),
    ],
    ['a redirect by hand', () => new Response(null, { status: 302, headers: { location: '/b' } })],
    ['a 599', () => new Response(null, { status: 599 })],
  ])('is left alone when it is %s', async (_, make) => {
    const answer = make()
    const { fetch, clock, calls } = around(async () => answer)
    const outcome = fetch(url, { redirect: 'manual' })
    await clock.runAll()
    expect(await outcome).toBe(answer)
    expect(calls()).toBe(1)
  })
})
