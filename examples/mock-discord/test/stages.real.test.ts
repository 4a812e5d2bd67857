import { request as httpRequest } from 'node:http'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Outcome } from '../src/machinery.ts'
import type { ApiRequest } from '../src/stage.ts'
import { caller, general, messagesPath, only, started } from './started.ts'

describe('a request', () => {
  it('shows the stages what it is, decoded', async () => {
    let shown: Partial<ApiRequest> | undefined
    const mock = await started(
      only({
        faults: (request) => {
          shown = {
            method: request.method,
            path: request.path,
            route: request.route,
            service: request.service,
            write: request.write,
            credential: request.credential,
            client: request.client,
            attempt: request.attempt,
            priority: request.priority,
            level: request.level,
          }
          return undefined
        },
      }),
    )
    const call = caller(mock)
    await call('PUT', `${messagesPath}/1/reactions/%F0%9F%91%8D/%40me`, undefined, {
      'x-attempt': '3',
      'x-client-id': 'client-7',
      'fleet-level': '1.4',
    })
    expect(shown).toEqual({
      method: 'PUT',
      path: `/channels/${general}/messages/1/reactions/👍/@me`,
      route: '/channels/:channel/messages/:message/reactions/:emoji/@me',
      service: 'messages',
      write: true,
      credential: 'Bot test',
      client: 'client-7',
      attempt: 3,
      priority: 'deferred',
      level: 1.4,
    })
    await call('GET', '/v10/users/%40me', undefined, {
      authorization: '',
      'x-priority': 'deferred',
    })
    expect(shown).toMatchObject({
      route: '/users/@me',
      service: 'users',
      credential: '127.0.0.1',
      write: false,
      attempt: 1,
      priority: 'deferred',
    })
  })

  it('passes faults, gateway, limits and backend in this order, and no stage after one that answers', async () => {
    const order: string[] = []
    const mark = (name: string) => () => {
      order.push(name)
      return undefined
    }
    const mock = await started(
      only({ faults: mark('faults'), gateway: mark('gateway'), backend: mark('backend') }),
    )
    const call = caller(mock)
    await call('GET', '/v10/gateway')
    expect(order).toEqual(['faults', 'gateway', 'backend'])
    mock.limits.setGlobal({ limit: 0, windowMs: 1_000 })
    order.length = 0
    expect((await call('GET', '/v10/gateway')).status).toBe(429)
    expect(order).toEqual(['faults', 'gateway'])
    mock.limits.ban('127.0.0.1', 1_000)
    order.length = 0
    expect((await call('GET', '/v10/gateway')).status).toBe(429)
    expect(order).toEqual([])
  })

  it('gets what a stage answers, and only that', async () => {
    const body = '{"message":"503: Service Unavailable","code":0}'
    const date = 'Thu, 01 Jan 2015 00:00:00 GMT'
    const headers = { 'content-type': 'application/json', 'retry-after': '7', date }
    const mock = await started(only({ backend: () => ({ status: 503, headers, body }) }))
    const reply = await caller(mock)('GET', '/v10/gateway')
    expect([reply.status, reply.text]).toEqual([503, body])
    expect(reply.headers.get('retry-after')).toBe('7')
    expect(reply.headers.get('date')).toBe(date)
    expect(reply.headers.has('via')).toBe(false)
    expect(reply.headers.has('x-ratelimit-limit')).toBe(false)
  })

  it('is cut off when a stage drops it, before its route has run', async () => {
    const mock = await started(only({ faults: () => 'drop' }))
    await expect(caller(mock)('POST', messagesPath, { content: 'x' })).rejects.toThrow()
    expect(mock.store.messages(general).size).toBe(0)
  })

  it('has had its effect when only its reply is dropped', async () => {
    const mock = await started(only({ outgoing: () => 'drop' }))
    await expect(caller(mock)('POST', messagesPath, { content: 'x' })).rejects.toThrow()
    expect(mock.store.messages(general).size).toBe(1)
  })

  it('may be answered drop by drop', async () => {
    const drip = { chunkBytes: 100, intervalMs: 5 }
    const mock = await started(only({ outgoing: (_, reply) => ({ ...reply, drip }) }))
    const { json } = await caller(mock)('GET', `/v10/channels/${general}`)
    expect(json.name).toBe('general')
  })

  it('says when its client has gone', async () => {
    let told: (request: ApiRequest) => void = () => {}
    const arrived = new Promise<ApiRequest>((resolve) => {
      told = resolve
    })
    let observed: (outcome: Outcome) => void = () => {}
    const outcome = new Promise<Outcome>((resolve) => {
      observed = resolve
    })
    const mock = await started(
      only({
        backend(request) {
          told(request)
          return new Promise((resolve) => {
            request.gone.addEventListener('abort', () => resolve(undefined))
          })
        },
        observe: (_, each) => observed(each),
      }),
    )
    const client = httpRequest(`${mock.apiUrl}/v10/gateway`)
    client.on('error', () => {})
    client.end()
    const request = await arrived
    expect(request.gone.aborted).toBe(false)
    client.destroy()
    expect(await outcome).toMatchObject({ by: 'route', status: 'gone' })
    expect(request.gone.aborted).toBe(true)
  })

  it('is gone when its client leaves in the middle of a body', async () => {
    let observed: (outcome: Outcome) => void = () => {}
    const outcome = new Promise<Outcome>((resolve) => {
      observed = resolve
    })
    const mock = await started(only({ observe: (_, each) => observed(each) }))
    const headers = { 'content-length': '1000' }
    const client = httpRequest(mock.apiUrl + messagesPath, { method: 'POST', headers })
    client.on('error', () => {})
    client.write('{"content":')
    client.once('socket', (socket) =>
      socket.once('connect', () => setTimeout(() => client.destroy(), 50)),
    )
    expect(await outcome).toMatchObject({ status: 'gone' })
    expect(mock.store.messages(general).size).toBe(0)
  })

  it('is not gone once it is answered', async () => {
    const requests: ApiRequest[] = []
    const mock = await started(
      only({
        backend(request) {
          requests.push(request)
          request.gone
          return undefined
        },
      }),
    )
    await caller(mock)('GET', '/v10/gateway')
    await mock.close()
    expect(requests.map(({ gone }) => gone.aborted)).toEqual([false])
  })

  it('is reported once, with who ended it and how', async () => {
    const outcomes: [string, Outcome['by'], Outcome['status']][] = []
    const mock = await started({
      tokens: ['good'],
      ...only({ observe: ({ path }, { by, status }) => outcomes.push([path, by, status]) }),
    })
    const call = caller(mock)
    await call('GET', '/v10/gateway')
    await call('GET', '/v10/users/@me')
    await call('GET', '/v10/nowhere')
    mock.limits.ban('127.0.0.1', 1_000)
    await call('GET', '/v10/gateway')
    expect(outcomes).toEqual([
      ['/gateway', 'route', 200],
      ['/users/@me', 'limits', 401],
      ['/nowhere', 'route', 404],
      ['/gateway', 'limits', 429],
    ])
  })

  it('whose reply cannot be sent is answered 500, and does not hang', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    onTestFinished(() => warned.mockRestore())
    const mock = await started(
      only({ outgoing: (_request, reply) => ({ ...reply, headers: { 'a b': 'x' } }) }),
    )
    expect((await fetch(`${mock.apiUrl}/v10/gateway`)).status).toBe(500)
    expect(String(warned.mock.calls[0]?.[0])).toContain('ERR_INVALID_HTTP_TOKEN')
  })

  it('may name the address it comes from', async () => {
    const mock = await started()
    mock.limits.ban('10.0.0.7', 60_000)
    const call = caller(mock)
    const from = async (ip: string) =>
      (await call('GET', '/v10/gateway', undefined, { 'x-forwarded-for': ip })).status
    expect([await from('10.0.0.7'), await from('10.0.0.8')]).toEqual([429, 200])
  })
})
