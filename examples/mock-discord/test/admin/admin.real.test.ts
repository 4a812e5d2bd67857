import { describe, expect, it } from 'vitest'
import { incident } from '../incident.ts'
import { messagesPath } from '../started.ts'

const post = ['POST', messagesPath, { content: 'hi' }] as const

describe('GET /admin/status', () => {
  it('answers what operators ask', async () => {
    const { call, admin } = await incident()
    await call(...post, { 'x-client-id': 'mobile-1' })
    await call(...post, { 'x-client-id': 'mobile-1', 'x-attempt': '6' })
    const { status, json } = await admin('GET', '/status')
    expect(status).toBe(200)
    expect(json).toMatchObject({
      preset: 'legacy',
      api: { requests: 2, successRatio: 1 },
      gateway: { mode: 'off', passed: 2 },
      discord: { enabled: false },
      database: { state: 'ok', poolSize: 10, inUse: 0, queued: 0, done: 2, knee: null },
      retries: { seen: 1, amplification: 2, excess: 1, kinds: [{ client: 'mobile', retries: 1 }] },
      faults: [],
    })
    expect(Object.keys(json.voice)).toEqual(['us-east', 'eu-west', 'asia'])
  })

  it('says exhausted while jobs wait for the pool, and strained beyond the knee', async () => {
    const { mock, call, admin } = await incident({
      backend: { database: { poolSize: 1, serviceMs: 60_000 } },
    })
    void call(...post).catch(() => {})
    void call(...post).catch(() => {})
    while (mock.machinery.model.queued !== 1) await admin('GET', '/backend')
    expect((await admin('GET', '/status')).json.database).toMatchObject({
      state: 'exhausted',
      inUse: 1,
      queued: 1,
      drainMs: 60_000,
    })
    await admin('PATCH', '/backend', { database: { poolSize: 10, kappa: 1 } })
    expect((await admin('GET', '/status')).json.database).toMatchObject({
      state: 'strained',
      inUse: 2,
      knee: 1,
    })
  })
})

it('lets a page of another origin be the operator', async () => {
  const { mock } = await incident()
  for (const path of ['/status', '/nowhere']) {
    const { headers } = await fetch(`${mock.url}/admin${path}`, {
      headers: { origin: 'http://page' },
    })
    expect(headers.get('access-control-allow-origin')).toBe('*')
  }
})

describe('GET /admin/metrics', () => {
  it('gives JSON, with so many clients as asked for', async () => {
    const { call, admin } = await incident()
    for (const client of ['mobile-1', 'mobile-2', 'desktop-1']) {
      await call(...post, { 'x-client-id': client })
    }
    const { json } = await admin('GET', '/metrics?clients=2')
    expect(json.outcomes.ok).toBe(3)
    expect(json.clients).toMatchObject({ known: 3 })
    expect(json.clients.top).toHaveLength(2)
    expect((await admin('GET', '/metrics?clients=-1')).json.error).toBe(
      'clients must be a number ≥ 0, got -1',
    )
  })

  it.each([
    ['/metrics', { accept: 'text/plain' }],
    ['/metrics.prom', undefined],
  ])('gives Prometheus’ text at %s', async (path, headers) => {
    const { call, admin } = await incident()
    await call(...post)
    const { type, text } = await admin('GET', path, undefined, headers)
    expect(type).toContain('text/plain; version=0.0.4')
    expect(text).toContain('mock_requests_total{service="messages",outcome="ok"} 1')
    expect(text).toContain('mock_pool_size 10')
    expect(text).toContain('mock_jobs_total{result="useful"} 1')
    expect(text).toContain('mock_voice_instances{region="us-east"} 43')
  })

  it('gives the time series', async () => {
    const { mock, call, admin } = await incident({ seriesIntervalMs: 1 })
    await call(...post)
    while (mock.machinery.metrics.series().length === 0) await admin('GET', '/backend')
    const rows = (await admin('GET', '/series')).json as { requests: number; atMs: number }[]
    expect(rows.reduce((sum, { requests }) => sum + requests, 0)).toBe(1)
    const since = rows.at(-1)?.atMs ?? 0
    const later = (await admin('GET', `/series?sinceMs=${since}`)).json as typeof rows
    expect(later[0]?.atMs).toBe(since)
  })
})

describe('/admin/faults', () => {
  it('adds, lists, and removes', async () => {
    const { call, admin } = await incident()
    const rule = { fault: { kind: 'status', status: 500 } }
    expect(await admin('POST', '/faults', rule)).toMatchObject({ status: 201, json: { id: 1 } })
    await admin('POST', '/faults', rule)
    expect((await call(...post)).status).toBe(500)
    expect((await admin('GET', '/faults')).json).toMatchObject([{ id: 1, hits: 1 }, { id: 2 }])
    expect((await admin('DELETE', '/faults/1')).status).toBe(204)
    expect(await admin('DELETE', '/faults/1')).toMatchObject({
      status: 404,
      json: { error: 'no fault 1' },
    })
    expect((await admin('DELETE', '/faults')).status).toBe(204)
    expect((await call(...post)).status).toBe(200)
  })

  it.each([
    ['{', 'the body is no JSON'],
    ['', 'the body is no JSON'],
    [
      { fault: { kind: 'drop', when: 'later' } },
      "fault rule: fault: when must be 'before' | 'after', got \"later\"",
    ],
  ])('refuses %j and says why', async (body, message) => {
    const { admin } = await incident()
    const { status, json } = await admin('POST', '/faults', body)
    expect(status).toBe(400)
    expect(json.error).toContain(message)
  })
})

describe('headers that cannot be sent', () => {
  it.each([
    ['POST', '/faults', (headers: object) => ({ fault: { kind: 'status', status: 503, headers } })],
    ['POST', '/faults', (headers: object) => ({ fault: { kind: 'rate-limit', headers } })],
    ['PATCH', '/backend', (headers: object) => ({ refusedHeaders: headers })],
    ['PATCH', '/backend', (headers: object) => ({ timeoutHeaders: headers })],
  ])('are refused by %s %s, and hang no request', async (method, path, body) => {
    const { call, admin } = await incident()
    for (const headers of [{ 'a b': 'x' }, { '': 'x' }, { a: 'x\r\nb: y' }, { a: '✓' }]) {
      const { status, json } = await admin(method, path, body(headers))
      expect([status, json.error]).toEqual([400, expect.stringMatching(/eaders: .*(name|content)/)])
    }
    expect((await call('GET', '/v10/gateway')).status).toBe(200)
  })
})

describe('/admin/backend', () => {
  it('shrinks the pool at run time: what finds no place is refused with 503', async () => {
    const { mock, call, admin } = await incident()
    const { json } = await admin('PATCH', '/backend', {
      database: { poolSize: 1, queueDepth: 0, serviceMs: 60_000 },
      refusedHeaders: { 'retry-after': '9' },
    })
    expect(json.database).toMatchObject({ poolSize: 1, queueDepth: 0, timeoutMs: null })
    void call(...post).catch(() => {})
    while (mock.machinery.model.inUse !== 1) await admin('GET', '/backend')
    const reply = await call(...post)
    expect(reply).toMatchObject({ status: 503, json: { message: '503: Service Unavailable' } })
    expect(reply.headers.get('retry-after')).toBe('9')
    await admin('PATCH', '/backend', { retryAfter: 'drain', refusedHeaders: {} })
    expect((await call(...post)).headers.get('retry-after')).toBe('1')
  })

  it('answers 504 when the time is up', async () => {
    const { call, admin } = await incident({ backend: { database: { serviceMs: 60_000 } } })
    await admin('PATCH', '/backend', {
      database: { timeoutMs: 20 },
      timeoutHeaders: { 'x-late': 'yes' },
    })
    const reply = await call(...post)
    expect(reply).toMatchObject({ status: 504, json: { message: '504: Gateway Timeout' } })
    expect(reply.headers.get('x-late')).toBe('yes')
  })

  it('works on for a client that has gone, applies its request, and counts the waste', async () => {
    const { mock, call, admin } = await incident({ backend: { database: { serviceMs: 50 } } })
    const client = new AbortController()
    const gone = fetch(mock.apiUrl + messagesPath, {
      method: 'POST',
      signal: client.signal,
      headers: { authorization: 'Bot a', 'content-type': 'application/json' },
      body: '{"content":"from afar"}',
    }).catch(() => {})
    const { model } = mock.machinery
    while (model.inUse !== 1) await admin('GET', '/backend')
    client.abort()
    await gone
    while (model.status.database.wastedJobs !== 1) await admin('GET', '/backend')
    const { json } = await admin('GET', '/metrics')
    expect(json.work).toMatchObject({ jobs: 1, wastedJobs: 1, wastedMs: 50 })
    expect(json.outcomes.abandoned).toBe(1)
    expect((await call('GET', messagesPath)).json).toMatchObject([{ content: 'from afar' }])
  })

  it('drops a waiting request with its client when told to, and does not apply it', async () => {
    const { mock, call, admin } = await incident({
      backend: { database: { poolSize: 1, serviceMs: 100, dropAbandoned: true } },
    })
    const first = call(...post)
    while (mock.machinery.model.inUse !== 1) await admin('GET', '/backend')
    const client = new AbortController()
    const gone = fetch(mock.apiUrl + messagesPath, {
      method: 'POST',
      signal: client.signal,
      headers: { authorization: 'Bot a', 'content-type': 'application/json' },
      body: '{"content":"from afar"}',
    }).catch(() => {})
    while (mock.machinery.model.queued !== 1) await admin('GET', '/backend')
    client.abort()
    await gone
    await first
    expect((await call('GET', messagesPath)).json).toMatchObject([{ content: 'hi' }])
    expect(mock.machinery.model.status.database).toMatchObject({ dropped: 1, wastedJobs: 0 })
  })

  it.each([
    [{ database: { poolSize: -1 } }, 'backend: database: poolSize must be an integer ≥ 1, got -1'],
    [{ voice: { mars: {} } }, 'backend: voice has no region mars'],
  ])('refuses %j and says why', async (body, message) => {
    const { admin } = await incident()
    const { status, json } = await admin('PATCH', '/backend', body)
    expect(status).toBe(400)
    expect(json.error).toContain(message)
  })
})

describe('/admin/limits', () => {
  it('limits at the gateway, in the form that is asked for', async () => {
    const { call, admin } = await incident()
    await admin('PATCH', '/limits', {
      gateway: { mode: 'fixed', limits: { messages: 1 }, headers: 'ratelimit', rejectMs: 0 },
    })
    expect((await call(...post)).status).toBe(200)
    const reply = await call(...post)
    expect(reply.status).toBe(429)
    expect(reply.headers.get('ratelimit-policy')).toBe('"messages";q=1;w=60')
    expect(reply.headers.get('ratelimit')).toMatch(/^"messages";r=0;t=\d+$/)
    expect((await admin('GET', '/metrics')).json.limitedBy).toEqual({ gateway: 1 })
    expect((await admin('GET', '/limits')).json.gateway).toMatchObject({ mode: 'fixed' })
  })

  it('sets Discord’s own: on and off, global, a route, shared, a ban', async () => {
    const { call, admin } = await incident()
    const discord = (patch: object) => admin('PATCH', '/limits', { discord: patch })
    await discord({ enabled: true, routes: { 'message-write': { limit: 1, windowMs: 60_000 } } })
    expect((await call(...post)).status).toBe(200)
    expect((await call(...post)).headers.get('x-ratelimit-scope')).toBe('user')
    await discord({ global: { limit: 0, windowMs: 60_000 } })
    expect((await call('GET', '/v10/users/@me')).headers.get('x-ratelimit-scope')).toBe('global')
    await admin('POST', '/reset')
    await discord({ enabled: true, shared: { route: 'GET /users/@me', forMs: 60_000 } })
    expect((await call('GET', '/v10/users/@me')).headers.get('x-ratelimit-scope')).toBe('shared')
    await discord({ ban: { ip: '127.0.0.1', forMs: 60_000 }, invalid: { limit: 5 } })
    expect((await call('GET', '/v10/gateway')).text).toContain('Error 1015')
    expect((await discord({ enabled: false })).json.discord.enabled).toBe(false)
    expect((await call('GET', '/v10/gateway')).status).toBe(200)
  })

  it('refuses what is no limit', async () => {
    const { admin } = await incident()
    expect(await admin('PATCH', '/limits', { discord: { global: { limit: 1 } } })).toMatchObject({
      status: 400,
      json: { error: 'limits: discord: global needs windowMs' },
    })
  })
})

describe('/admin/scenario', () => {
  it('runs a script and tells how it stands', async () => {
    const { mock, call, admin } = await incident()
    expect((await admin('GET', '/scenario')).status).toBe(404)
    const started = await admin('POST', '/scenario', {
      name: 'short',
      steps: [
        { atMs: 0, do: { fault: { fault: { kind: 'status', status: 500 } } } },
        { atMs: 3_600_000, do: { clearFaults: true } },
      ],
    })
    expect(started).toMatchObject({ status: 202, json: { name: 'short', state: 'running' } })
    while (mock.machinery.scenario?.status.done.length !== 1) await admin('GET', '/backend')
    expect((await call(...post)).status).toBe(500)
    expect((await admin('DELETE', '/scenario')).status).toBe(204)
    expect((await admin('GET', '/scenario')).json).toMatchObject({ state: 'stopped' })
  })

  it('refuses a script with a step that could never be done, and leaves the old one running', async () => {
    const { admin } = await incident()
    await admin('POST', '/scenario', [{ atMs: 3_600_000, do: {} }])
    const bad = [{ atMs: 0, do: { backend: { voice: { mars: { instances: 1 } } } } }]
    expect(await admin('POST', '/scenario', bad)).toMatchObject({ status: 400 })
    expect((await admin('GET', '/scenario')).json.state).toBe('running')
  })

  it.each([
    [
      { limits: { discord: { routes: { nonsense: { limit: 1, windowMs: 1 } } } } },
      'limits: there is no rule or route nonsense',
    ],
    [
      { limits: { discord: { shared: { route: 'nonsense', forMs: 1 } } } },
      'limits: there is no rule or route nonsense',
    ],
    [
      { limits: { gateway: { breaker: { openMs: 60_000 } } } },
      'circuitBreaker: maxOpenMs must be ≥ openMs (60000), got 30000',
    ],
  ])('refuses a script whose last step names what there is not: %j', async (action, error) => {
    const { admin } = await incident()
    const script = [
      { atMs: 0, do: {} },
      { atMs: 3_600_000, do: action },
    ]
    expect(await admin('POST', '/scenario', script)).toMatchObject({ status: 400, json: { error } })
    expect((await admin('GET', '/scenario')).status).toBe(404)
  })

  it('takes a breaker that only an earlier step makes possible', async () => {
    const { admin } = await incident()
    const breaker = (options: object) => ({ limits: { gateway: { breaker: options } } })
    const script = [
      { atMs: 7_200_000, do: breaker({ openMs: 60_000 }) },
      { atMs: 3_600_000, do: breaker({ maxOpenMs: 90_000 }) },
    ]
    expect((await admin('POST', '/scenario', script)).status).toBe(202)
  })
})

describe('an action', () => {
  it('of which a part cannot be done changes nothing', async () => {
    const { mock } = await incident()
    const act = () =>
      mock.machinery.act({
        backend: { database: { poolSize: 3 } },
        limits: { gateway: { breaker: { openMs: 60_000 } } },
      })
    expect(act).toThrow('maxOpenMs must be ≥ openMs')
    expect(mock.machinery.model.options.database.poolSize).toBe(10)
  })
})

describe('POST /admin/reset', () => {
  it('goes back to the start', async () => {
    const { call, admin } = await incident()
    await admin('POST', '/faults', { fault: { kind: 'status', status: 500 } })
    await admin('PATCH', '/backend', { database: { poolSize: 3 } })
    await admin('PATCH', '/limits', { gateway: { mode: 'fixed' } })
    await admin('POST', '/scenario', [{ atMs: 3_600_000, do: {} }])
    await call(...post)
    expect((await admin('POST', '/reset')).status).toBe(204)
    const { json } = await admin('GET', '/status')
    expect(json).toMatchObject({
      api: { requests: 0, successRatio: null },
      gateway: { mode: 'off' },
      database: { poolSize: 10 },
      faults: [],
    })
    expect(json.scenario).toBeUndefined()
    expect((await call(...post)).status).toBe(200)
  })
})

describe('the admin API', () => {
  it('says so when there is no such route', async () => {
    const { admin } = await incident()
    expect(await admin('GET', '/nothing')).toMatchObject({
      status: 404,
      json: { error: 'GET /admin/nothing: no such admin route' },
    })
  })
})

describe('the machinery', () => {
  it('refuses options out of range at the start', async () => {
    await expect(incident({ scale: { rate: 0, time: 1 } })).rejects.toThrow(
      'scaled: rate must be a number > 0, got 0',
    )
    await expect(incident({ gateway: { windowMs: -1 } })).rejects.toThrow(
      'incident: limits: gateway: windowMs must be a number > 0, got -1',
    )
  })

  it('takes a voice join through a media server and the database', async () => {
    const { mock, call } = await incident({ scale: { rate: 1, time: 1_000 } })
    const { status } = await call('PATCH', '/v10/guilds/1000000000000000000/voice-states/@me', {
      channel_id: '1000000000000100001',
    })
    expect(status).toBe(204)
    const joins = Object.values(mock.machinery.model.status.voice).map(
      ({ joins: { done } }) => done,
    )
    expect(joins.reduce((sum, done) => sum + done, 0)).toBe(1)
    expect(mock.machinery.model.status.database.done).toBe(1)
  })
})
