import { describe, expect, it } from 'vitest'
import { createFetch } from '../src/index.ts'
import { failure, url, world } from './world.ts'

const put = { method: 'PUT' } as const

/** What a server would read of each request that was sent. */
async function bodies(sent: readonly { input: unknown; init: RequestInit }[]): Promise<string[]> {
  return Promise.all(
    sent.map(({ input, init }) => new Request(input as Request, { ...init, signal: null }).text()),
  )
}

describe('bodies that can be read again', () => {
  const forms = {
    string: 'bytes',
    buffer: new TextEncoder().encode('bytes'),
    arrayBuffer: new TextEncoder().encode('bytes').buffer,
    blob: new Blob(['bytes']),
    parameters: new URLSearchParams({ by: 'tes' }),
  }
  for (const [name, body] of Object.entries(forms)) {
    it(`sends the same ${name} each time`, async () => {
      const { fetch, sent, clock } = world([503, 503, 200])
      const outcome = fetch(url, { ...put, body })
      await clock.runAll()
      expect((await outcome).status).toBe(200)
      const expected = name === 'parameters' ? 'by=tes' : 'bytes'
      expect(await bodies(sent)).toEqual([expected, expected, expected])
    })
  }

  it('sends the same parts of a form with a file each time', async () => {
    const { fetch, sent, clock } = world([503, 200])
    const form = new FormData()
    form.set('payload', 'json')
    form.set('file', new File(['content'], 'name.txt'))
    const outcome = fetch(url, { ...put, body: form })
    await clock.runAll()
    await outcome
    for (const { init } of sent) {
      const read = await new Request(url, { ...init, signal: null }).formData()
      expect(read.get('payload')).toBe('json')
      expect(await (read.get('file') as File).text()).toBe('content')
    }
    expect(sent).toHaveLength(2)
  })

  it('sends the same bytes of a Request each time, and leaves it used', async () => {
    const seen: string[] = []
    const { clock } = world([200])
    const fetch = createFetch({
      clock,
      fetch: async (input) => {
        seen.push(await (input as Request).text())
        return new Response('', { status: seen.length < 3 ? 503 : 200 })
      },
    })
    const request = new Request(url, { ...put, body: 'bytes' })
    const outcome = fetch(request)
    await clock.runAll()
    expect((await outcome).status).toBe(200)
    expect(seen).toEqual(['bytes', 'bytes', 'bytes'])
    expect(request.bodyUsed).toBe(true)
  })

  it('rejects as fetch does when the Request was used before', async () => {
    const { fetch, sent } = world([200])
    const request = new Request(url, { ...put, body: 'bytes' })
    await request.text()
    expect(await failure(fetch(request))).toBeInstanceOf(TypeError)
    expect(sent).toHaveLength(0)
  })
})

describe('bodies that can be read once', () => {
  async function* pulled(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode('bytes')
  }
  const streams = {
    stream: () => new Blob(['bytes']).stream(),
    iterable: () => pulled() as unknown as ReadableStream,
  }
  for (const [name, make] of Object.entries(streams)) {
    it(`sends a ${name} once and returns the 503`, async () => {
      const { fetch, sent, clock } = world([503, 200])
      const outcome = fetch(url, { ...put, body: make(), duplex: 'half' } as RequestInit)
      await clock.runAll()
      expect((await outcome).status).toBe(503)
      expect(sent).toHaveLength(1)
    })

    it(`says that a ${name} kept a broken request from being repeated`, async () => {
      const broken = Object.assign(new TypeError('fetch failed'), {
        cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }),
      })
      const { fetch, sent, clock } = world([broken])
      const error = failure(fetch(url, { ...put, body: make(), duplex: 'half' } as RequestInit))
      await clock.runAll()
      expect(await error).toMatchObject({ code: 'BODY_NOT_REPLAYABLE', cause: broken })
      expect((await error).message).toContain('stream')
      expect(sent).toHaveLength(1)
    })
  }
})

describe('the body of an answer', () => {
  /** A fetch whose answer's body errors when the request's signal aborts, as the platform's does. */
  function withEndlessBody(): ReturnType<typeof world> {
    return world([
      ({ signal }) =>
        new Response(
          new ReadableStream({
            start(controller) {
              controller.enqueue(new TextEncoder().encode('half'))
              signal?.addEventListener('abort', () => controller.error(signal.reason))
            },
          }),
        ),
    ])
  }

  it('ends with the attempt when it stalls', async () => {
    const { fetch, clock } = withEndlessBody()
    const response = await fetch(url, { evenkeel: { attemptTimeoutMs: 400 } })
    const error = failure(response.text())
    await clock.advance(400)
    expect(await error).toMatchObject({ code: 'TIMEOUT', reached: 'yes' })
    expect(clock.pending).toBe(0)
  })

  it('ends when the caller aborts, with the same reason', async () => {
    const { fetch, clock } = withEndlessBody()
    const controller = new AbortController()
    const response = await fetch(url, { signal: controller.signal })
    const error = failure(response.json())
    controller.abort('enough')
    expect(await error).toBe('enough')
    await clock.advance(0)
    expect(clock.pending).toBe(0)
  })

  it('keeps its limit and its caller when it is read a second time, which the platform refuses', async () => {
    const { fetch, clock } = withEndlessBody()
    const controller = new AbortController()
    const response = await fetch(url, { signal: controller.signal })
    const first = failure(response.json())
    await expect(response.text()).rejects.toThrow(TypeError)
    expect(clock.pending).toBe(1)
    controller.abort('enough')
    expect(await first).toBe('enough')
    expect(clock.pending).toBe(0)
  })

  it('has no limit when the caller reads it as a stream', async () => {
    const { fetch, clock } = withEndlessBody()
    const controller = new AbortController()
    const response = await fetch(url, {
      signal: controller.signal,
      evenkeel: { attemptTimeoutMs: 400 },
    })
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    await reader.read()
    await clock.advance(1000)
    const next = reader.read()
    controller.abort('later')
    await expect(next).rejects.toBe('later')
    expect(clock.pending).toBe(0)
  })

  it('may take any time when the attempt may', async () => {
    const { fetch, clock } = world([() => new Response('x')], {
      attemptTimeoutMs: Infinity,
      totalTimeoutMs: Infinity,
    })
    const text = (await fetch(url)).text()
    expect(clock.pending).toBe(0)
    expect(await text).toBe('x')
  })

  it('holds nothing while nobody reads it', async () => {
    const { fetch, clock } = withEndlessBody()
    await fetch(url)
    expect(clock.pending).toBe(0)
  })

  it('can be read by every reader of the platform', async () => {
    const form = new FormData()
    form.set('a', 'b')
    const { fetch, clock } = world([
      () => new Response('{"a":1}'),
      () => new Response('{"a":1}'),
      () => new Response('{"a":1}'),
      () => new Response('{"a":1}'),
      () => new Response(form),
      () => new Response('{"a":1}'),
    ])
    expect(await (await fetch(url)).json()).toEqual({ a: 1 })
    expect(await (await fetch(url)).text()).toBe('{"a":1}')
    expect((await (await fetch(url)).arrayBuffer()).byteLength).toBe(7)
    expect((await (await fetch(url)).blob()).size).toBe(7)
    expect((await (await fetch(url)).formData()).get('a')).toBe('b')
    expect(await (await fetch(url)).clone().text()).toBe('{"a":1}')
    expect(clock.pending).toBe(0)
  })

  it('is released when another attempt follows: drained if small, else cancelled', async () => {
    const small = new Response('x'.repeat(10), { status: 503, headers: { 'content-length': '10' } })
    const large = new Response('x'.repeat(99_999), { status: 503 })
    const { fetch, clock } = world([small, large, 200])
    const outcome = fetch(url)
    await clock.runAll()
    expect((await outcome).status).toBe(200)
    expect(small.bodyUsed).toBe(true)
    await expect(small.text()).rejects.toThrow()
    expect(large.bodyUsed).toBe(true)
    await (await outcome).text()
    expect(clock.pending).toBe(0)
  })

  it('is released when a refusal is thrown in its place', async () => {
    const answer = new Response('wait', { status: 429, headers: { 'retry-after': '9999' } })
    const { fetch, clock } = world([answer])
    const error = failure(fetch(url))
    await clock.runAll()
    expect((await error).code).toBe('RETRY_AFTER_TOO_LONG')
    expect(answer.bodyUsed).toBe(true)
    expect(clock.pending).toBe(0)
  })

  it('of a status that has none is left alone', async () => {
    const { fetch, clock } = world([new Response(null, { status: 204 })])
    expect((await fetch(url)).status).toBe(204)
    expect(clock.pending).toBe(0)
  })
})
