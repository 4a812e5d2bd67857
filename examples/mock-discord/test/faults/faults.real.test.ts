import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { incident } from '../incident.ts'
import { general, messagesPath } from '../started.ts'

const post = ['POST', messagesPath, { content: 'hi' }] as const

/** What fetch says is wrong when it rejects. */
const causeOf = async (promise: Promise<unknown>): Promise<string> => {
  const error = await promise.then(
    () => undefined,
    (caught: Error & { cause?: { code?: string } }) => caught,
  )
  return error?.cause?.code ?? error?.name ?? 'no error'
}

describe('a fault on the wire', () => {
  it('forces a status with its headers and body', async () => {
    const { call, admin } = await incident()
    await admin('POST', '/faults', {
      fault: { kind: 'status', status: 503, headers: { 'Retry-After': '7' }, body: '"down"' },
    })
    const reply = await call(...post)
    expect(reply).toMatchObject({ status: 503, json: 'down' })
    expect(reply.headers.get('retry-after')).toBe('7')
  })

  it('forces a 429 with any headers', async () => {
    const { call, admin } = await incident()
    await admin('POST', '/faults', {
      fault: { kind: 'rate-limit', headers: { ratelimit: '"default";r=0;t=30' }, body: '{}' },
      count: 1,
    })
    const reply = await call(...post)
    expect(reply.status).toBe(429)
    expect(reply.headers.get('ratelimit')).toBe('"default";r=0;t=30')
    expect(reply.headers.has('retry-after')).toBe(false)
    expect((await call(...post)).status).toBe(200)
  })

  it('forces Discord’s 429', async () => {
    const { call, admin } = await incident()
    await admin('POST', '/faults', {
      fault: { kind: 'rate-limit', retryAfterMs: 64_570, scope: 'global' },
    })
    const reply = await call(...post)
    expect(reply.headers.get('retry-after')).toBe('65')
    expect(reply.headers.get('x-ratelimit-global')).toBe('true')
    expect(reply.json).toMatchObject({ retry_after: 64.57, global: true })
  })

  it('forces Cloudflare’s page', async () => {
    const { call, admin } = await incident()
    await admin('POST', '/faults', { fault: { kind: 'cloudflare' } })
    const reply = await call(...post)
    expect(reply.status).toBe(429)
    expect(reply.text).toContain('Error 1015')
    expect(reply.headers.has('via')).toBe(false)
    expect(reply.headers.has('retry-after')).toBe(false)
  })

  it('delays', async () => {
    const { call, admin } = await incident()
    await admin('POST', '/faults', { fault: { kind: 'latency', delayMs: 60, when: 'after' } })
    const startedMs = performance.now()
    expect((await call(...post)).status).toBe(200)
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(60)
  })

  it('drops before the work: nothing was applied', async () => {
    const { mock, call, admin } = await incident()
    await admin('POST', '/faults', { fault: { kind: 'drop' }, match: { method: 'POST' } })
    expect(await causeOf(call(...post))).toBe('ECONNRESET')
    expect((await call('GET', messagesPath)).json).toEqual([])
    expect(mock.machinery.metrics.snapshot().statuses).toEqual({ dropped: 1, 200: 1 })
  })

  it('drops after the work: applied, but the reply lost', async () => {
    const { call, admin } = await incident()
    await admin('POST', '/faults', {
      fault: { kind: 'drop', when: 'after' },
      match: { method: 'POST' },
    })
    expect(await causeOf(call(...post))).toBe('ECONNRESET')
    expect((await call('GET', messagesPath)).json).toMatchObject([{ content: 'hi' }])
  })

  it.each(['before', 'after'] as const)('accepts %s the work and never answers', async (when) => {
    const { mock, call, admin } = await incident()
    await admin('POST', '/faults', { fault: { kind: 'hang', when }, match: { method: 'POST' } })
    const { hostname, port } = new URL(mock.url)
    const socket = connect(Number(port), hostname)
    let received = 0
    socket.on('data', ({ length }) => {
      received += length
    })
    const body = '{"content":"hi"}'
    socket.write(
      `POST /api${messagesPath} HTTP/1.1\r\nhost: a\r\nauthorization: Bot a\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    )
    while (mock.machinery.faultRules.active[0]?.hits !== 1) await admin('GET', '/status')
    const applied = (await call('GET', messagesPath)).json
    expect(applied).toHaveLength(when === 'after' ? 1 : 0)
    expect(received).toBe(0)
    socket.destroy()
    await once(socket, 'close')
    while (!mock.machinery.metrics.snapshot().statuses.gone) await admin('GET', '/status')
  })

  it('sends the body in small pieces', async () => {
    const { mock, admin } = await incident()
    await admin('POST', '/faults', { fault: { kind: 'drip', chunkBytes: 8, intervalMs: 5 } })
    const response = await fetch(`${mock.apiUrl}/v10/gateway`)
    const pieces: number[] = []
    for await (const piece of response.body ?? []) pieces.push((piece as Uint8Array).length)
    const length = Number(response.headers.get('content-length'))
    expect(pieces.reduce((sum, piece) => sum + piece, 0)).toBe(length)
    expect(pieces.length).toBeGreaterThan(1)
    expect(pieces[0]).toBe(8)
  })

  it('cuts the body short of its content-length', async () => {
    const { mock, admin } = await incident()
    await admin('POST', '/faults', { fault: { kind: 'truncate', keepBytes: 5 } })
    const response = await fetch(`${mock.apiUrl}/v10/gateway`)
    expect(response.status).toBe(200)
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(5)
    const received: Uint8Array[] = []
    await expect(async () => {
      for await (const piece of response.body ?? []) received.push(piece as Uint8Array)
    }).rejects.toThrow('terminated')
    expect(Buffer.concat(received).toString()).toBe('{"url')
  })

  it('hits only what its rule matches', async () => {
    const { call, admin } = await incident()
    await admin('POST', '/faults', {
      fault: { kind: 'status', status: 500 },
      match: { route: '/channels/:channel/messages', client: 'mobile-*' },
    })
    const as = async (client: string) => (await call(...post, { 'x-client-id': client })).status
    expect([await as('mobile-1'), await as('desktop-1')]).toEqual([500, 200])
    expect((await call('GET', `/v10/channels/${general}`)).status).toBe(200)
  })
})
