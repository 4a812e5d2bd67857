import { openAsBlob } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { constant } from '@evenkeel/retry'
import { describe, expect, it, vi } from 'vitest'
import { github } from '../src/github.ts'
import { createFetch, type FetchOptions, stripOnRedirect } from '../src/index.ts'
import { testServer } from './server.ts'
import { failure } from './world.ts'

/** The defaults, but for waits of a millisecond. */
const quick: FetchOptions = {
  retry: { backoff: constant(1, { jitterRatio: 0 }), budget: false },
  circuitBreaker: false,
}

describe('against a real server', () => {
  it('repeats a GET whose kept connection was reset, and succeeds', async () => {
    await using server = await testServer((request, response, n) => {
      if (n === 2) request.socket.destroy()
      else response.end('ok')
    })
    const fetch = createFetch(quick)
    await (await fetch(server.url)).text()
    expect(await (await fetch(server.url)).text()).toBe('ok')
    expect(server.seen).toHaveLength(3)
  })

  it('sends a POST once when its body was read and the connection was cut', async () => {
    await using server = await testServer((request) => request.socket.destroy())
    const error = await failure(createFetch(quick)(server.url, { method: 'POST', body: 'applied' }))
    expect(error).toBeInstanceOf(TypeError)
    expect(server.seen).toHaveLength(1)
  })

  it('has one effect when a keyed POST was applied and its reply lost twice', async () => {
    const effects = new Set<string>()
    await using server = await testServer((request, response, n) => {
      effects.add(String(request.headers['idempotency-key']))
      if (n < 3) request.socket.destroy()
      else response.end('ok')
    })
    const response = await createFetch(quick)(server.url, {
      method: 'POST',
      body: 'applied',
      evenkeel: { idempotencyKey: true },
    })
    expect(await response.text()).toBe('ok')
    expect(server.seen.map(({ body }) => body)).toEqual(['applied', 'applied', 'applied'])
    expect(effects.size).toBe(1)
  })

  it('sends the bytes of a Request and of a form twice', async () => {
    await using server = await testServer((_, response, n) => {
      response.statusCode = n % 2 ? 503 : 200
      response.end()
    })
    const fetch = createFetch(quick)
    await fetch(new Request(server.url, { method: 'PUT', body: 'request' }))
    const form = new FormData()
    form.set('file', new File(['content'], 'name.txt'))
    expect((await fetch(server.url, { method: 'PUT', body: form })).status).toBe(200)
    const [first, second, third, fourth] = server.seen.map(({ body }) => body)
    expect([first, second]).toEqual(['request', 'request'])
    expect(third).toContain('content')
    expect(fourth).toContain('content')
  })

  it('never takes half a body for a success', async () => {
    await using server = await testServer((request, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('x'.repeat(50), () => request.socket.destroy())
    })
    const response = await createFetch(quick)(server.url)
    expect(await failure(response.text())).toBeInstanceOf(TypeError)
  })

  it('ends a body that stalls with its attempt', async () => {
    await using server = await testServer((_, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('half')
    })
    const fetch = createFetch({ ...quick, attemptTimeoutMs: 200 })
    const response = await fetch(server.url)
    expect(await failure(response.text())).toMatchObject({ code: 'TIMEOUT' })
  })

  it('is left with at most two connections by forty refusals with large bodies', async () => {
    await using server = await testServer((_, response) => {
      response.statusCode = 503
      response.end('x'.repeat(262_144))
    })
    const fetch = createFetch(quick)
    for (let call = 0; call < 10; call++) await (await fetch(server.url)).text()
    expect(server.seen).toHaveLength(40)
    await vi.waitFor(() => expect(server.open).toBeLessThanOrEqual(2))
  })

  it('keeps its connection over refusals with small bodies', async () => {
    await using server = await testServer((_, response) => {
      response.statusCode = 503
      response.setHeader('content-length', '10')
      response.end('x'.repeat(10))
    })
    await (await createFetch(quick)(server.url)).text()
    expect(server.seen).toHaveLength(4)
    expect(server.connections).toBe(1)
  })

  it('survives a thousand early hints and bodies that must not be there', async () => {
    await using server = await testServer((_, response, n) => {
      if (n === 1)
        for (let hint = 0; hint < 1000; hint++) response.writeEarlyHints({ link: '</a>' })
      response.statusCode = 204
      response.end()
    })
    expect((await createFetch(quick)(server.url)).status).toBe(204)
  })

  it('cancels the request at the server when the caller aborts', async () => {
    let gone: () => void = () => {}
    const cancelled = new Promise<void>((resolve) => {
      gone = resolve
    })
    const controller = new AbortController()
    await using server = await testServer((_, response) => {
      response.on('close', gone)
      controller.abort(new Error('enough'))
    })
    const error = await failure(createFetch(quick)(server.url, { signal: controller.signal }))
    expect(error.message).toBe('enough')
    await cancelled
    expect(server.seen).toHaveLength(1)
  })

  it('gives back nothing but the Response of the platform', async () => {
    await using server = await testServer((_, response) => response.end('{"a":1}'))
    const response = await createFetch(quick)(server.url)
    expect(response).toBeInstanceOf(Response)
    expect(response.constructor).toBe(Response)
    expect(response.url).toBe(`${server.url}/`)
    expect(await response.clone().json()).toEqual({ a: 1 })
    expect(await response.json()).toEqual({ a: 1 })
    expect(response.bodyUsed).toBe(true)
  })
})

describe('bodies that a real server sees once', () => {
  it('are never repeated empty: a stream of Node’s is sent whole, once', async () => {
    await using server = await testServer((_, response) => {
      response.statusCode = 503
      response.end('busy')
    })
    const response = await createFetch(quick)(server.url, {
      method: 'PUT',
      body: Readable.from([Buffer.from('one '), Buffer.from('two')]) as never,
      duplex: 'half',
    } as RequestInit)
    expect(response.status).toBe(503)
    expect(server.seen.map(({ body }) => body)).toEqual(['one two'])
  })

  it('are not lost on the way: a 307 that asks for a stream again rejects', async () => {
    await using server = await testServer((_, response, n) => {
      response.writeHead(n === 1 ? 307 : 200, { location: '/elsewhere' })
      response.end()
    })
    const error = await failure(
      createFetch(quick)(server.url, {
        method: 'PUT',
        body: new Blob(['once']).stream(),
        duplex: 'half',
      } as RequestInit),
    )
    expect(error).toBeInstanceOf(TypeError)
    expect(server.seen.map(({ body }) => body)).toEqual(['once'])
  })

  it('are not mixed: a file that changed on disk between two attempts ends the call', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'evenkeel-'))
    const path = join(folder, 'upload.txt')
    await writeFile(path, 'before')
    try {
      await using server = await testServer(async (_, response) => {
        await writeFile(path, 'after, and longer')
        response.statusCode = 503
        response.end()
      })
      const body = await openAsBlob(path)
      const error = await failure(createFetch(quick)(server.url, { method: 'PUT', body }))
      expect(error).toBeInstanceOf(Error)
      expect(server.seen.map((request) => request.body)).toEqual(['before'])
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe('github() against a real server', () => {
  it('paces the primary limit, so that none of ten calls is refused', async () => {
    let windowStart = 0
    let used = 0
    let refused = 0
    await using server = await testServer((_, response) => {
      const second = Math.floor(Date.now() / 1000)
      if (second !== windowStart) {
        windowStart = second
        used = 0
      }
      const isRefused = ++used > 6
      if (isRefused) refused++
      response.writeHead(isRefused ? 403 : 200, {
        'x-ratelimit-limit': '6',
        'x-ratelimit-remaining': String(Math.max(0, 6 - used)),
        'x-ratelimit-reset': String(second + 1),
      })
      response.end()
    })
    const fetch = createFetch(github())
    const statuses = await Promise.all(
      Array.from({ length: 10 }, async () => (await fetch(server.url)).status),
    )
    expect(statuses).toEqual(Array(10).fill(200))
    expect(refused).toBe(0)
    expect(server.seen).toHaveLength(10)
  })

  it('waits out a secondary limit, and returns a 403 for want of rights at once', async () => {
    await using server = await testServer((request, response, n) => {
      if (request.url === '/secret') response.writeHead(403)
      else if (n === 1) response.writeHead(403, { 'retry-after': '1' })
      response.end('{}')
    })
    const fetch = createFetch(github())
    const startMs = performance.now()
    const issue = await fetch(`${server.url}/issues`, { method: 'POST', body: '{}' })
    expect(issue.status).toBe(200)
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(1000)
    expect((await fetch(`${server.url}/secret`)).status).toBe(403)
    expect(server.seen).toHaveLength(3)
  })
})

describe('redirects to another origin', () => {
  it('get neither Authorization, cookie nor what the app names, when asked so', async () => {
    const got: (string | undefined)[][] = []
    const note = (headers: Record<string, unknown>): unknown =>
      got.push(
        ['authorization', 'cookie', 'x-api-key', 'x-other'].map(
          (name) => headers[name] as string | undefined,
        ),
      )
    await using other = await testServer((request, response) => {
      note(request.headers)
      response.end('ok')
    })
    await using server = await testServer((request, response) => {
      note(request.headers)
      response.writeHead(302, { location: other.url }).end()
    })
    const headers = { authorization: 'A', cookie: 'C', 'x-api-key': 'K', 'x-other': 'O' }
    const fetch = createFetch({ ...quick, fetch: stripOnRedirect(['x-api-key']) })
    expect(await (await fetch(server.url, { headers })).text()).toBe('ok')
    expect(got).toEqual([
      ['A', 'C', 'K', 'O'],
      [undefined, undefined, undefined, 'O'],
    ])
  })
})
