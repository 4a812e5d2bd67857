import { errorCode } from '@evenkeel/core'
import { createFetch } from '@evenkeel/fetch'
import { learnedBuckets } from '@evenkeel/rate-limit'
import { describe, expect, it } from 'vitest'
import { incident } from '../incident.ts'
import { until } from '../sockets/until.ts'
import { messagesPath } from '../started.ts'

const headers = { authorization: 'Bot any' }
const join = '/v10/guilds/1000000000000000000/voice-states/@me'

describe('the fields of the draft', () => {
  it('pace a client before it meets a 429', async () => {
    const { mock } = await incident({
      gateway: {
        mode: 'fixed',
        limits: { messages: 5 },
        windowMs: 1_000,
        headers: 'backpressure',
        rejectMs: 0,
      },
    })
    const send = createFetch({ rateLimit: { limits: [learnedBuckets()] } })
    for (let n = 0; n < 12; n++)
      expect((await send(mock.apiUrl + messagesPath, { headers })).status).toBe(200)
    expect(mock.machinery.limiter.status).toMatchObject({ passed: 12, limited: { messages: 0 } })
  })
})

describe('the limit on what waits', () => {
  it('sheds deferred calls for critical ones, which all get through', async () => {
    const { mock } = await incident({
      gateway: { queueLimit: 10 },
      backend: { database: { poolSize: 1, queueDepth: 1_000, serviceMs: 200 } },
    })
    const send = createFetch({ retry: false, rateLimit: false, circuitBreaker: false })
    const status = async (priority: 'critical' | 'deferred') =>
      (
        await send(mock.apiUrl + messagesPath, {
          headers: { ...headers, 'x-priority': priority },
          evenkeel: { priority },
        })
      ).status
    const deferred = Array.from({ length: 20 }, () => status('deferred'))
    await until(() => mock.machinery.limiter.status.shed.deferred > 0)
    const critical = await Promise.all([status('critical'), status('critical')])
    expect(critical).toEqual([200, 200])
    expect(new Set(await Promise.all(deferred))).toEqual(new Set([200, 503]))
    expect(mock.machinery.limiter.status.shed).toMatchObject({ critical: 0, important: 0 })
  })
})

describe('a gateway that stops calling a service', () => {
  it('keeps the others served, and calls it again when it is well', async () => {
    const full = { instances: 1, queueDepth: 0, joinMs: 3_600_000 }
    const { mock, call, admin } = await incident({
      gateway: { breaker: { enabled: true, minRequests: 4, openMs: 3_000, rampMs: 0 } },
      backend: { voice: { 'us-east': full, 'eu-west': full, asia: full } },
    })
    const send = createFetch({ retry: false })
    const channel = JSON.stringify({ channel_id: '1000000000000100001' })
    const joined = () =>
      send(mock.apiUrl + join, {
        method: 'PATCH',
        headers: { ...headers, 'content-type': 'application/json' },
        body: channel,
      }).then(({ status }) => status, errorCode)
    const submitted = () =>
      Object.values(mock.machinery.model.status.voice).reduce(
        (sum, { joins }) => sum + joins.refused,
        0,
      )
    // Takes the only place of its region, and stays.
    void joined()
    await until(() =>
      Object.values(mock.machinery.model.status.voice).some(({ joins }) => joins.inUse === 1),
    )
    for (let n = 0; n < 4; n++) expect(await joined()).toBe(503)
    const reached = submitted()
    // The client's own breaker may have opened as well: this asks the gateway.
    const refused = await call('PATCH', join, JSON.parse(channel))
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toMatch(/^[1-5]$/)
    expect(submitted()).toBe(reached)
    expect((await call('GET', messagesPath)).status).toBe(200)
    const { json } = await admin('GET', '/status')
    expect(json.gateway.breakers.voice).toMatchObject({ state: 'open', refused: 1 })
    const { text } = await admin('GET', '/metrics.prom')
    expect(text).toContain('mock_gateway_breaker_open{service="voice"} 1')

    mock.machinery.act({
      backend: {
        voice: { 'us-east': { instances: 9 }, 'eu-west': { instances: 9 }, asia: { instances: 9 } },
      },
    })
    mock.machinery.act({
      backend: {
        voice: { 'us-east': { joinMs: 1 }, 'eu-west': { joinMs: 1 }, asia: { joinMs: 1 } },
      },
    })
    await until(() => mock.machinery.limiter.status.breakers.voice?.state === 'half-open')
    expect((await call('PATCH', join, JSON.parse(channel))).status).toBe(204)
    expect(mock.machinery.limiter.status.breakers.voice?.state).toBe('closed')
  })
})
