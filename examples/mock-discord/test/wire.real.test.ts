import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { startMock } from '../src/index.ts'
import { caller, general, messagesPath, only, started } from './started.ts'

/** Sends bytes and gives all that comes back. */
function raw(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => socket.end(request))
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('end', () => resolve(text))
    socket.on('error', reject)
  })
}

describe('on the wire', () => {
  it('a reply has exactly application/json, its length, the date of the clock, and Via', async () => {
    const mock = await started({ now: () => Date.UTC(2026, 0, 25, 12, 0, 0, 123) })
    const text = await raw(
      mock.port,
      `GET /api/v10/channels/${general} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    )
    const [head = '', body = ''] = text.split('\r\n\r\n')
    const [status, ...headers] = head.split('\r\n')
    expect(status).toBe('HTTP/1.1 200 OK')
    expect(headers.filter((line) => !line.startsWith('x-ratelimit-bucket')).sort()).toEqual([
      'Connection: close',
      `content-length: ${body.length}`,
      'content-type: application/json',
      'date: Sun, 25 Jan 2026 12:00:00 GMT',
      'via: 1.1 google',
      'x-ratelimit-limit: 50',
      'x-ratelimit-remaining: 49',
      'x-ratelimit-reset-after: 1.000',
      'x-ratelimit-reset: 1769342401.123',
    ])
  })

  it('a 204 has neither body nor content type', async () => {
    const mock = await started()
    const { status, headers, text } = await caller(mock)('POST', `/v10/channels/${general}/typing`)
    expect([status, text, headers.get('content-type'), headers.get('content-length')]).toEqual([
      204,
      '',
      null,
      null,
    ])
  })

  it('a banned address gets a page that tells it nothing', async () => {
    const mock = await started()
    mock.limits.ban('127.0.0.1', 60_000)
    const { status, headers, text } = await caller(mock)('GET', '/v10/gateway')
    expect([status, text.startsWith('<!doctype html>')]).toEqual([429, true])
    expect([...headers.keys()].sort()).toEqual([
      'connection',
      'content-length',
      'content-type',
      'date',
      'keep-alive',
      'server',
    ])
  })

  it('every version of the API is the same, and so is none', async () => {
    const call = caller(await started())
    const bodies = await Promise.all(
      ['/v10', '/v9', ''].map(async (version) => (await call('GET', `${version}/gateway`)).text),
    )
    expect(new Set(bodies).size).toBe(1)
  })

  it('a page of another origin may call, and read every header', async () => {
    const call = caller(await started())
    const preflight = await call('OPTIONS', messagesPath, undefined, {
      'access-control-request-headers': 'authorization,content-type',
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization,content-type')
    const { headers } = await call('GET', '/v10/gateway', undefined, { origin: 'http://page' })
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.get('access-control-expose-headers')).toBe('*')
  })

  it('close ends requests that wait, and frees the port', async () => {
    const mock = await startMock(only({ backend: () => new Promise(() => {}) }))
    const waiting = expect(caller(mock)('GET', '/v10/gateway')).rejects.toThrow()
    await new Promise((resolve) => setTimeout(resolve, 50))
    await mock.close()
    await waiting
    const again = await startMock({ port: mock.port })
    expect(again.port).toBe(mock.port)
    await again.close()
  })

  it('two mocks share nothing', async () => {
    const [one, two] = [await started(), await started()]
    await caller(one)('POST', messagesPath, { content: 'only here' })
    expect((await caller(two)('GET', messagesPath)).json).toEqual([])
  })
})
