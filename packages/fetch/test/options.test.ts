import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import {
  type CallOptions,
  createFetch,
  type FetchOptions,
  type PresetOptions,
  preset,
} from '../src/index.ts'
import { failure, url, world } from './world.ts'

/** What creating a fetch with these options throws. */
const allOfPreset: Required<PresetOptions> = {
  totalTimeoutMs: undefined,
  attemptTimeoutMs: undefined,
  network: undefined,
  retry: undefined,
  admission: undefined,
  bulkhead: undefined,
  hedge: undefined,
  rateLimit: undefined,
  circuitBreaker: undefined,
  onEvent: undefined,
  clock: undefined,
  random: undefined,
}

function refusalOf(options: unknown): Error {
  try {
    createFetch(options as FetchOptions)
  } catch (error) {
    return error as Error
  }
  throw new Error('expected createFetch to throw')
}

const bad: readonly unknown[] = [Number.NaN, -1, 0, '5000', null, {}, [], true, 5n]

describe('options that are no good', () => {
  for (const name of ['totalTimeoutMs', 'attemptTimeoutMs', 'softTimeoutMs']) {
    it.each(bad)(`are named with their value: ${name}: %s`, (value) => {
      const error = refusalOf({ [name]: value })
      expect(error).toBeInstanceOf(RangeError)
      expect(error.message).toBe(`createFetch: ${name} must be a number ≥ 1, got ${String(value)}`)
    })

    it.each(bad)(`are refused in what calls are by default, too: call.${name}: %s`, (value) => {
      expect(refusalOf({ call: { [name]: value } }).message).toContain(`${name} must be`)
      const fetch = createFetch()
      expect(() => fetch.with({ [name]: value } as CallOptions)).toThrow(`${name} must be`)
    })

    it.each(bad)(`make the one call reject that has them: ${name}: %s`, async (value) => {
      const { fetch, sent } = world([200])
      const error = await failure(fetch(url, { evenkeel: { [name]: value } as CallOptions }))
      expect(error).toBeInstanceOf(RangeError)
      expect(error.message).toBe(`fetch: ${name} must be a number ≥ 1, got ${String(value)}`)
      expect(sent).toHaveLength(0)
      expect((await fetch(url)).status).toBe(200)
    })
  }

  it.each([
    [{ retry: { maxRetries: -1 } }, /^retry: maxRetries .* got -1$/],
    [{ retry: { maxRetries: '3' } }, /^retry: maxRetries .* got 3$/],
    [{ retry: { maxRetries: Number.NaN } }, /^retry: maxRetries .* got NaN$/],
    [{ retry: { maxRetryAfterMs: '1' } }, /^retry: maxRetryAfterMs .* got 1$/],
    [{ rateLimit: { maxWaitMs: -5 } }, /^rateLimit: maxWaitMs .* got -5$/],
    [{ rateLimit: { maxQueued: Number.NaN } }, /^rateLimit: maxQueued .* got NaN$/],
    [{ attemptHeader: 'a b' }, /a b/],
    [{ attemptHeader: 'x\r\ny' }, /header/i],
    [{ call: { priority: 'high' } }, /priority must be critical, important or deferred, got high$/],
  ])('of a policy are named by it: %j', (options, message) => {
    expect(refusalOf(options).message).toMatch(message)
  })

  it.each([
    [{ attemptTimeout: 5 }, 'createFetch: there is no option attemptTimeout'],
    [{ retry: { retries: 5 } }, 'retry: there is no option retries'],
    [{ rateLimit: { maxWait: 5 } }, 'rateLimit: there is no option maxWait'],
    [{ circuitBreaker: { treshold: 5 } }, 'circuitBreaker: there is no option treshold'],
    [{ call: { prority: 'deferred' } }, 'createFetch.call: there is no option prority'],
    [
      { call: { priority: 'urgent' } },
      'createFetch.call: priority must be critical, important or deferred, got urgent',
    ],
  ])('are named when they are none: %j', (options, message) => {
    expect(refusalOf(options)).toEqual(new RangeError(message))
  })

  it('are refused by `with` when they are none', () => {
    const { fetch } = world([200])
    expect(() => fetch.with({ attemptTimeout: 5 } as CallOptions)).toThrow(
      new RangeError('fetch.with: there is no option attemptTimeout'),
    )
    expect(() => fetch.with({ priority: 'deferred' }).with({ totalTimeoutMs: 0 })).toThrow(
      /^fetch\.with: totalTimeoutMs must be/,
    )
  })

  it('make the one call reject that has them when they are none', async () => {
    const { fetch, sent } = world([200])
    const error = await failure(fetch(url, { evenkeel: { prority: 'deferred' } as CallOptions }))
    expect(error).toEqual(new RangeError('fetch: there is no option prority'))
    expect(sent).toHaveLength(0)
    const all: Required<CallOptions> = {
      priority: undefined,
      key: undefined,
      idempotent: undefined,
      idempotencyKey: undefined,
      isRetried: undefined,
      totalTimeoutMs: undefined,
      attemptTimeoutMs: undefined,
      softTimeoutMs: undefined,
      tag: undefined,
    }
    expect((await fetch(url, { evenkeel: all })).status).toBe(200)
  })

  it('are all known that there are', () => {
    const all: Required<FetchOptions> = {
      ...allOfPreset,
      softTimeoutMs: undefined,
      fetch: undefined,
      key: undefined,
      route: undefined,
      transientStatuses: undefined,
      refusalStatuses: undefined,
      isRateRefusal: undefined,
      idempotency: undefined,
      readRetryAfterBody: undefined,
      attemptHeader: undefined,
      signal: undefined,
      call: undefined,
    }
    expect(() => createFetch(all)).not.toThrow()
  })

  it('say which priorities there are, rather than let a word nobody knows go first', async () => {
    const { fetch, sent } = world([200])
    const error = await failure(fetch(url, { evenkeel: { priority: 'urgent' as never } }))
    expect(error.message).toBe(
      'fetch: priority must be critical, important or deferred, got urgent',
    )
    expect(sent).toHaveLength(0)
  })

  it('of preset() are refused as well', () => {
    expect(() => preset({ totalTimeoutMs: 0 })).toThrow(RangeError)
    expect(() => preset({ attemptTimeoutMs: Number.NaN })).toThrow(RangeError)
    expect(() => preset({ attemptTimeout: 5 } as PresetOptions)).toThrow(
      new RangeError('preset: there is no option attemptTimeout'),
    )
  })

  it('of preset() are all known that there are', () => {
    expect(() => preset(allOfPreset)).not.toThrow()
  })
})

describe('options that throw', () => {
  const thrown = new Error('a bug in a callback')
  const bug = (): never => {
    throw thrown
  }

  it.each([
    ['isRateRefusal', { isRateRefusal: bug }],
    ['circuitBreaker.isFailure', { circuitBreaker: { isFailure: bug } }],
    ['rateLimit.isRefusal', { rateLimit: { isRefusal: bug } }],
    ['retry.shouldRetry', { retry: { shouldRetry: bug } }],
    ['retry.backoff', { retry: { backoff: bug } }],
  ] satisfies [string, FetchOptions][])(
    '%s: the call gets the error, and the request is not sent again',
    async (_name, options) => {
      const { fetch, sent, clock } = world([503], options)
      const outcome = failure(fetch(url))
      await clock.runAll()
      expect(await outcome).toBe(thrown)
      expect([sent.length, clock.pending]).toEqual([1, 0])
    },
  )

  it('isRateRefusal: the answer that nobody gets is released, and the signal let go', async () => {
    const { signal } = new AbortController()
    let released = false
    const body = new ReadableStream({
      cancel() {
        released = true
      },
    })
    const { fetch } = world([new Response(body)], { isRateRefusal: bug })
    expect(await failure(fetch(url, { signal }))).toBe(thrown)
    expect(released).toBe(true)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})

describe('options from JSON', () => {
  it('change nobody’s prototype, and only their own fields count', async () => {
    const text = '{"__proto__":{"retries":9,"retry":false,"attemptTimeoutMs":1}}'
    expect(refusalOf(JSON.parse(text)).message).toBe('createFetch: there is no option __proto__')
    const { fetch, sent, clock } = world([503, 200])
    const evenkeel = JSON.parse('{"__proto__":{"key":"k"}}')
    expect((await failure(fetch(url, { evenkeel }))).message).toContain('no option __proto__')
    const init = JSON.parse('{"__proto__":{"method":"POST"},"evenkeel":{}}')
    const outcome = fetch(url, init)
    await clock.runAll()
    await outcome.catch(() => {})
    expect(sent).toHaveLength(2)
    expect(({} as { retries?: number }).retries).toBeUndefined()
    for (const { init: given } of sent) expect(given.method).toBeUndefined()
  })

  it('that are null are not taken for numbers', () => {
    expect(() => createFetch(JSON.parse('{"totalTimeoutMs":null}'))).toThrow('got null')
  })
})

describe('limits that must be typed', () => {
  it('are Infinity for a call that may take any time', async () => {
    const { fetch, clock } = world(['never'], {
      totalTimeoutMs: Infinity,
      attemptTimeoutMs: Infinity,
    })
    const controller = new AbortController()
    const error = failure(fetch(url, { signal: controller.signal }))
    await clock.advance(30 * 86_400_000)
    expect(clock.pending).toBe(0)
    controller.abort('at last')
    expect(await error).toBe('at last')
  })
})

describe('with()', () => {
  it('adds what calls of a kind are, over the same state', async () => {
    const { fetch, events, sent } = world([500], { call: { priority: 'deferred' } })
    const search = fetch.with({ key: 'search' }).with({ idempotent: false })
    for (let call = 0; call < 8; call++) await search(url)
    expect((await failure(search(url))).code).toBe('CIRCUIT_OPEN')
    expect(sent).toHaveLength(8)
    expect(search.policies).toBe(fetch.policies)
    expect(fetch.policies.circuitBreaker?.state('search')).toBe('open')
    expect(fetch.policies.circuitBreaker?.state('https://api.example.com')).toBe('closed')
    expect(events.find(({ type }) => type === 'rejected')).toMatchObject({ priority: 'deferred' })
  })

  it('gives way to what one call says of itself', async () => {
    const { fetch, events } = world([200])
    await fetch.with({ key: 'a', tag: 1 })(url, { evenkeel: { key: 'b' } })
    expect(events[0]).toMatchObject({ call: { key: 'b', tag: 1 } })
  })
})

describe('parts that are switched off', () => {
  it('leave a fetch that sends once and keeps no state', async () => {
    const { fetch, sent, clock } = world([503], {
      retry: false,
      rateLimit: false,
      circuitBreaker: false,
    })
    for (let call = 0; call < 20; call++) expect((await fetch(url)).status).toBe(503)
    expect(sent).toHaveLength(20)
    expect(fetch.policies).toMatchObject({ rateLimit: undefined, circuitBreaker: undefined })
    expect(clock.pending).toBe(0)
  })

  it('number the attempts on the wire only where a header is named', async () => {
    const { fetch, sent, clock } = world([503, 503, 200], { attemptHeader: 'x-attempt' })
    const outcome = fetch(new Request(url, { headers: { a: 'b' } }))
    await clock.runAll()
    await outcome
    expect(
      sent.map(({ init }) => [new Headers(init.headers).get('x-attempt'), !init.headers]),
    ).toEqual([
      [null, true],
      ['2', false],
      ['3', false],
    ])
    expect(new Headers(sent[2]?.init.headers).get('a')).toBe('b')
  })
})
