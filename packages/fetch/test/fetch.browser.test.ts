import { type Clock, EvenkeelError, reached, systemClock } from '@evenkeel/core'
import { constant } from '@evenkeel/retry'
import { afterEach, expect, inject, test, vi } from 'vitest'
import { createFetch, type FetchEvent, type FetchOptions } from '../src/index.ts'

const origin = inject('origin')
const key = (): string => crypto.randomUUID()

/** The real clock, but every wait takes a hundredth of its time. */
const hurried: Clock = {
  now: () => systemClock.now() * 100,
  wallNow: () => systemClock.wallNow(),
  scheduleAt: (atMs, callback) => systemClock.scheduleAt(atMs / 100, callback),
}

/** A fetch of its own state, and what it told. */
function world(options: FetchOptions = {}) {
  const events: FetchEvent[] = []
  const fetch = createFetch({
    retry: { backoff: constant(1, { jitterRatio: 0 }), budget: false },
    circuitBreaker: false,
    onEvent: (event) => events.push(event),
    ...options,
  })
  const attempts = (): number => events.filter(({ type }) => type === 'attemptStarted').length
  return { fetch, events, attempts }
}

const failure = (promise: Promise<unknown>): Promise<EvenkeelError> =>
  promise.then(
    () => Promise.reject(new Error('expected a rejection')),
    (error) => error,
  )

afterEach(() => void vi.restoreAllMocks())

test('a 503 is tried again, and the success is the platform’s own Response', async () => {
  const { fetch, attempts } = world()
  const response = await fetch(`${origin}/flaky/${key()}`)
  expect(response).toBeInstanceOf(Response)
  expect(response.status).toBe(200)
  expect(response.url).toContain('/flaky/')
  expect(await response.text()).toBe('ok')
  expect(response.bodyUsed).toBe(true)
  expect(attempts()).toBe(2)
})

test('json, text, blob, bytes and clones read as they do from fetch', async () => {
  const { fetch } = world()
  const ask = (): Promise<Response> => fetch(`${origin}/echo`, { method: 'POST', body: 'x' })
  expect(await (await ask()).json()).toMatchObject({ method: 'POST', body: 'x' })
  expect(JSON.parse(await (await ask()).text())).toMatchObject({ body: 'x' })
  expect((await (await ask()).blob()).type).toBe('application/json')
  expect((await (await ask()).arrayBuffer()).byteLength).toBeGreaterThan(10)
  const response = await ask()
  expect(await response.clone().json()).toEqual(await response.json())
  const second = await failure(response.json())
  expect(second).toBeInstanceOf(TypeError)
})

test('a 408 is left to the browser, which has its own way with it', async () => {
  const { fetch, attempts } = world()
  const response = await fetch(`${origin}/flaky/${key()}?status=408&failures=99`)
  expect(response.status).toBe(408)
  expect(attempts()).toBe(1)
})

test('Retry-After is waited for, across origins too', async () => {
  const { fetch, events, attempts } = world({ clock: hurried })
  const response = await fetch(`${origin}/flaky/${key()}?status=429&retry-after=2`)
  expect(response.status).toBe(200)
  expect(attempts()).toBe(2)
  const scheduled = events.find((event) => event.type === 'retryScheduled')
  expect(scheduled).toMatchObject({ hintMs: 2000 })
  expect(scheduled?.delayMs).toBeGreaterThanOrEqual(2000)
})

test('the body of a Request is sent again, byte for byte', async () => {
  const { fetch, attempts } = world()
  const request = new Request(`${origin}/replay/${key()}`, { method: 'PUT', body: 'bytes' })
  const response = await fetch(request)
  expect(await response.json()).toEqual(['bytes', 'bytes'])
  expect(attempts()).toBe(2)
})

test('a Request without a body is sent again', async () => {
  const { fetch } = world()
  const response = await fetch(new Request(`${origin}/flaky/${key()}`))
  expect(await response.text()).toBe('ok')
})

test('a form with a file is sent again, file and all', async () => {
  const { fetch } = world()
  const body = new FormData()
  body.set('payload', 'json')
  body.set('file', new File(['content of the file'], 'name.txt', { type: 'text/plain' }))
  const response = await fetch(`${origin}/replay/${key()}`, { method: 'PUT', body })
  const sent = (await response.json()) as string[]
  expect(sent).toHaveLength(2)
  for (const each of sent)
    for (const part of ['name="payload"', 'filename="name.txt"', 'content of the file'])
      expect(each).toContain(part)
})

test('an abort before the answer rejects with its reason, and nothing follows', async () => {
  const { fetch, attempts } = world()
  const controller = new AbortController()
  const outcome = failure(fetch(`${origin}/hang`, { signal: controller.signal }))
  const reason = new Error('left the page')
  controller.abort(reason)
  expect(await outcome).toBe(reason)
  expect(attempts()).toBe(1)
})

test('an abort while the body is read ends the reading as it does with fetch alone', async () => {
  const { fetch } = world()
  const ends: unknown[] = []
  for (const ask of [globalThis.fetch, fetch]) {
    const controller = new AbortController()
    const response = await ask(`${origin}/stall`, { signal: controller.signal })
    const text = failure(response.text())
    controller.abort()
    ends.push((await text).name)
  }
  expect(ends).toEqual(['AbortError', 'AbortError'])
  const controller = new AbortController()
  const response = await fetch(`${origin}/stall`, { signal: controller.signal })
  const json = failure(response.json())
  const reason = new Error('left the page')
  controller.abort(reason)
  expect(await json).toBe(reason)
})

test('a signal of another realm is followed', async () => {
  const frame = document.body.appendChild(document.createElement('iframe'))
  const Foreign = (frame.contentWindow as unknown as typeof globalThis).AbortController
  expect(Foreign).not.toBe(AbortController)
  const controller = new Foreign()
  const { fetch } = world()
  const outcome = failure(fetch(`${origin}/hang`, { signal: controller.signal }))
  controller.abort('from the frame')
  expect(await outcome).toBe('from the frame')
  frame.remove()
})

test('a body that stalls ends with its attempt', async () => {
  const { fetch } = world({ attemptTimeoutMs: 100 })
  const response = await fetch(`${origin}/stall`)
  const error = await failure(response.text())
  expect(error).toMatchObject({ code: 'TIMEOUT', reached: 'yes' })
})

test('a server that never answers ends with TIMEOUT', async () => {
  const { fetch } = world({ attemptTimeoutMs: 50, retry: false })
  expect((await failure(fetch(`${origin}/hang`))).code).toBe('TIMEOUT')
})

test('a connection that breaks is tried again, but not for a POST: nobody knows how far it came', async () => {
  const { fetch, events, attempts } = world()
  const error = await failure(fetch(`${origin}/drop`, { method: 'POST', body: 'x' }))
  expect(error).toBeInstanceOf(TypeError)
  expect(attempts()).toBe(1)
  const failed = events.find((event) => event.type === 'failed')
  expect(reached(failed?.error)).toBe('maybe')
  const get = world()
  await failure(get.fetch(`${origin}/drop`))
  expect(get.attempts()).toBe(4)
})

test('while the browser is offline nothing was sent, so that even a POST may be repeated', async () => {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
  const { fetch, events, attempts } = world()
  const error = await failure(fetch(`${origin}/drop`, { method: 'POST', body: 'x' }))
  expect(error).toBeInstanceOf(TypeError)
  expect(attempts()).toBe(4)
  const failed = events.find((event) => event.type === 'failed')
  expect(reached(failed?.error)).toBe('no')
})

test('opaque answers and redirects by hand have status 0, and are left alone', async () => {
  const { fetch, attempts } = world()
  const opaque = await fetch(`${origin}/status/503`, { mode: 'no-cors' })
  expect([opaque.status, opaque.type]).toEqual([0, 'opaque'])
  const byHand = await fetch(`${origin}/status/302?location=/echo`, { redirect: 'manual' })
  expect([byHand.status, byHand.type]).toEqual([0, 'opaqueredirect'])
  expect(attempts()).toBe(2)
})

test('a relative URL is of the page’s origin', async () => {
  const { fetch, events } = world()
  await (await fetch('/')).text()
  expect(events[0]).toMatchObject({ call: { key: location.origin } })
})

test('an error of ours prints neither query nor header', async () => {
  const { fetch } = world({ attemptTimeoutMs: 50, retry: false })
  const error = await failure(
    fetch(`${origin}/hang?token=my-query`, { headers: { authorization: 'my-auth' } }),
  )
  expect(error).toBeInstanceOf(EvenkeelError)
  expect(`${error} ${JSON.stringify(error)} ${error.stack}`).not.toMatch(/my-(query|auth)/)
})
