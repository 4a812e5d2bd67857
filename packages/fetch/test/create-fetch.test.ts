import { getEventListeners } from 'node:events'
import { manualClock } from '@evenkeel/core/testing'
import { describe, expect, it } from 'vitest'
import { createFetch } from '../src/index.ts'
import { failure, limited, url, world } from './world.ts'

/** A fetch whose caller is told after 100 ms, and whose answer comes when the test says. */
function late() {
  let resolve: (response: Response) => void = () => {}
  const clock = manualClock()
  const fetch = createFetch({
    clock,
    softTimeoutMs: 100,
    fetch: () =>
      new Promise((each) => {
        resolve = each
      }),
  })
  return { fetch, clock, answer: (response: Response) => resolve(response) }
}

describe('createFetch', () => {
  it('hands back what fetch answers, untouched', async () => {
    const answer = new Response('hello', { status: 201 })
    const { fetch, sent, clock } = world([answer])
    const response = await fetch(url, { method: 'POST', body: 'x' })
    expect(response).toBe(answer)
    expect(await response.text()).toBe('hello')
    expect(sent).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })

  it('is assignable to fetch, and rejects rather than throws', async () => {
    const fetch: typeof globalThis.fetch = world([200], {
      key() {
        throw new Error('a key with a bug')
      },
    }).fetch
    expect((await failure(fetch(url))).message).toBe('a key with a bug')
  })

  it('never lets its own field reach the network', async () => {
    const { fetch, sent } = world([200])
    await fetch(url, { evenkeel: { priority: 'critical' }, headers: { a: 'b' } })
    expect(Object.keys(sent[0]?.init ?? {}).sort()).toEqual(['headers', 'signal'])
  })

  it('retries a 503 of a GET and hands back the success', async () => {
    const { fetch, sent, clock } = world([503, 503, 200])
    const outcome = fetch(url)
    await clock.runAll()
    expect((await outcome).status).toBe(200)
    expect(sent).toHaveLength(3)
  })

  it('returns the last 503 as a readable answer once the retries are used up', async () => {
    const { fetch, sent, clock } = world([503], { retry: { budget: false } })
    const outcome = fetch(url)
    await clock.runAll()
    const response = await outcome
    expect(response.status).toBe(503)
    expect(await response.text()).toBe('503')
    expect(sent).toHaveLength(4)
    expect(clock.pending).toBe(0)
  })

  it('sends a POST once, whatever the answer', async () => {
    for (const reply of [500, 502, 503, 504, 429]) {
      const { fetch, sent, clock } = world([reply])
      const outcome = fetch(url, { method: 'POST', body: 'x' })
      await clock.runAll()
      expect((await outcome).status).toBe(reply)
      expect(sent).toHaveLength(1)
    }
  })

  it('sends a POST again after a 425, which promises that nothing was done', async () => {
    const { fetch, sent, clock } = world([425, 200])
    const outcome = fetch(url, { method: 'POST', body: 'x' })
    await clock.runAll()
    expect((await outcome).status).toBe(200)
    expect(sent).toHaveLength(2)
  })

  it('sends a POST with an idempotency key again, with the same key each time', async () => {
    const { fetch, sent, clock } = world([502, 500, 200], { idempotency: { create: () => 'k1' } })
    const outcome = fetch(url, { method: 'POST', body: 'x', evenkeel: { idempotencyKey: true } })
    await clock.runAll()
    expect((await outcome).status).toBe(200)
    expect(sent.map(({ init }) => new Headers(init.headers).get('idempotency-key'))).toEqual([
      '"k1"',
      '"k1"',
      '"k1"',
    ])
  })

  it('throws what fetch threw, after the last attempt', async () => {
    const error = Object.assign(new TypeError('fetch failed'), {
      cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }),
    })
    const { fetch, sent, clock } = world([error])
    const outcome = failure(fetch(url, { method: 'POST', body: 'x' }))
    await clock.runAll()
    expect(await outcome).toBe(error)
    expect(sent.length).toBe(4)
  })

  it('does not repeat a POST whose connection broke', async () => {
    const error = Object.assign(new TypeError('fetch failed'), {
      cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }),
    })
    const { fetch, sent, clock } = world([error])
    const outcome = failure(fetch(url, { method: 'POST', body: 'x' }))
    await clock.runAll()
    expect(await outcome).toBe(error)
    expect(sent).toHaveLength(1)
  })

  it('waits as long as the server says, and never less', async () => {
    const { fetch, sent, clock } = world([limited(429, { 'retry-after': '7' }), 200])
    const outcome = fetch(url)
    await clock.runAll()
    expect((await outcome).status).toBe(200)
    expect(sent[1]?.atMs).toBeGreaterThanOrEqual(7000)
    expect(sent[1]?.atMs).toBeLessThanOrEqual(10_500 * 1.5)
  })

  it('gives up now when the server asks for more time than the call has', async () => {
    const { fetch, sent, clock } = world([limited(429, { 'retry-after': '60' })])
    const error = failure(fetch(url, { evenkeel: { totalTimeoutMs: 10_000 } }))
    await clock.advance(0)
    expect(await error).toMatchObject({ code: 'DEADLINE_EXCEEDED', key: 'https://api.example.com' })
    expect((await error).retryAt?.getTime()).toBeGreaterThanOrEqual(clock.wallNow() + 60_000)
    expect((await error).cause).toMatchObject({ status: 429 })
    expect(sent).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })

  it('names the budget when it refuses a retry', async () => {
    const { fetch, clock } = world([503], { circuitBreaker: false })
    const codes = new Set<string>()
    for (let call = 0; call < 6; call++) {
      const outcome = fetch(url).then(
        ({ status }) => `${status}`,
        ({ code }) => code,
      )
      await clock.runAll()
      codes.add(await outcome)
    }
    expect([...codes].sort()).toEqual(['503', 'RETRY_BUDGET_EXHAUSTED'])
  })

  it('opens the circuit after eight failures in a row and says when to come back', async () => {
    const { fetch, sent, clock } = world([500])
    for (let call = 0; call < 8; call++) await fetch(url, { method: 'POST' })
    const error = await failure(fetch(url, { method: 'POST' }))
    expect(error).toMatchObject({ code: 'CIRCUIT_OPEN', key: 'https://api.example.com' })
    expect(error.retryAt?.getTime()).toBeGreaterThan(clock.wallNow())
    expect(sent).toHaveLength(8)
  })

  it('does not take 429s, 404s or aborts for an outage', async () => {
    const { fetch } = world([429, 429, 404, 429, 404, 429, 429, 429, 429, 200], {
      rateLimit: false,
    })
    for (let call = 0; call < 9; call++) await fetch(url, { method: 'POST' })
    expect((await fetch(url)).status).toBe(200)
  })

  it('ends an attempt at its limit and tries again where that is safe', async () => {
    const { fetch, sent, clock } = world(['never', 200], { attemptTimeoutMs: 1000 })
    const outcome = fetch(url)
    await clock.runAll()
    expect((await outcome).status).toBe(200)
    expect(sent[0]?.init.signal?.aborted).toBe(true)
    expect(sent).toHaveLength(2)
  })

  it('takes the limit of an attempt from the call', async () => {
    const { fetch, clock } = world(['never'])
    const error = failure(fetch(url, { method: 'POST', evenkeel: { attemptTimeoutMs: 50 } }))
    await clock.advance(50)
    expect(await error).toMatchObject({ code: 'TIMEOUT' })
    expect(clock.pending).toBe(0)
  })

  it('tells after the soft timeout, lets the request go on, and hands over its answer', async () => {
    const { fetch, clock, answer } = late()
    const error = failure(fetch(url))
    await clock.advance(100)
    const soft = (await error) as unknown as { code: string; late: Promise<Response> }
    expect(soft.code).toBe('SOFT_TIMEOUT')
    const pending = soft.late
    answer(new Response('late'))
    expect(await (await pending).text()).toBe('late')
    expect(clock.pending).toBe(0)
  })

  it('drops the body of an answer that comes after the soft timeout and that nobody wants', async () => {
    const { fetch, clock, answer } = late()
    const error = failure(fetch(url))
    await clock.advance(100)
    await error
    const unwanted = new Response('late')
    answer(unwanted)
    await clock.advance(0)
    expect(unwanted.bodyUsed).toBe(true)
    expect(clock.pending).toBe(0)
  })
})

describe('abort', () => {
  it('sends nothing when the signal has aborted, and rejects with its reason', async () => {
    const reason = new Error('too late')
    const { fetch, sent } = world([200])
    expect(await failure(fetch(url, { signal: AbortSignal.abort(reason) }))).toBe(reason)
    expect(sent).toHaveLength(0)
  })

  it('ends a request in flight at once, with the same reason, and does not retry', async () => {
    const { fetch, sent, clock } = world(['never'])
    const controller = new AbortController()
    const error = failure(fetch(url, { signal: controller.signal }))
    await clock.advance(5)
    const reason = { any: 'value' }
    controller.abort(reason)
    expect(await error).toBe(reason)
    await clock.runAll()
    expect(sent).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })

  it('ends a wait at once', async () => {
    const { fetch, sent, clock } = world([limited(503, { 'retry-after': '5' })])
    const controller = new AbortController()
    const error = failure(fetch(url, { signal: controller.signal }))
    await clock.advance(100)
    controller.abort('enough')
    expect(await error).toBe('enough')
    await clock.runAll()
    expect(sent).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })

  it('leaves no listener on a signal of many calls', async () => {
    const { fetch } = world([() => new Response('x')])
    const { signal } = new AbortController()
    for (let call = 0; call < 300; call++) await (await fetch(url, { signal })).text()
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  it('takes the signal of a Request', async () => {
    const { fetch, clock } = world(['never'])
    const controller = new AbortController()
    const error = failure(fetch(new Request(url, { signal: controller.signal })))
    await clock.advance(1)
    controller.abort(new Error('stop'))
    expect((await error).message).toBe('stop')
  })
})
