import { createFetch, type FetchOptions } from '@evenkeel/fetch'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { CascadePatch } from '../../src/cascade/cascade-options.ts'
import { type LogEntry, logLine } from '../../src/cascade/log-line.ts'
import { incident } from '../incident.ts'
import { until } from '../sockets/until.ts'
import { messagesPath } from '../started.ts'

/** What the incident's clients did: again at once, three times, whatever it costs. */
const naive: FetchOptions = {
  retry: { budget: false, backoff: () => 10 },
  rateLimit: false,
  circuitBreaker: false,
  attemptHeader: 'x-attempt',
}

async function world(cascade: CascadePatch = {}) {
  const log: LogEntry[] = []
  const { mock, admin } = await incident({
    backend: { database: { poolSize: 2, queueDepth: 5, serviceMs: 20 } },
    cascade: { tickMs: 100, minRequests: 10, ...cascade },
    log: (entry) => log.push(entry),
  })
  const controller = new AbortController()
  onTestFinished(() => controller.abort())
  /** So many clients that ask for messages or users, one call after the other. */
  const load = (clients: number, options: FetchOptions) => {
    const fetch = createFetch(options)
    for (let n = 0; n < clients; n++) void loop(n)
    async function loop(n: number): Promise<void> {
      const url = mock.apiUrl + (n % 2 ? messagesPath : '/v10/users/@me')
      const headers = { authorization: `Bot ${n}`, 'x-client-id': `mobile-${n}` }
      const { signal } = controller
      while (!signal.aborted) {
        await fetch(url, { headers, signal })
          .then((response) => response.arrayBuffer())
          .catch(() => {})
      }
    }
  }
  const kinds = () => mock.machinery.cascade.status.alerts.map(({ kind }) => kind)
  return { mock, admin, load, log, kinds }
}

describe('a cascade under real clients', () => {
  it('is noticed, and told by the admin API, the metrics and the log', async () => {
    const { mock, admin, load, log, kinds } = await world()
    load(1, {})
    await until(() => mock.machinery.cascade.status.usual)
    expect((await admin('GET', '/alerts')).json).toMatchObject({ verdict: 'calm', alerts: [] })
    load(60, naive)
    const wanted = ['cascade', 'retries', 'errors', 'traffic'] as const
    await until(() => wanted.every((kind) => kinds().includes(kind)))
    const { json } = await admin('GET', '/alerts')
    expect(json.verdict).toBe('storm')
    const found = json.alerts.find(({ kind }: { kind: string }) => kind === 'cascade')
    expect(found).toMatchObject({
      severity: 'critical',
      text: expect.stringMatching(/^messages, users fail together/),
    })
    expect((await admin('GET', '/status')).json.cascade.verdict).toBe('storm')
    expect((await admin('GET', '/metrics')).json.cascade.raised).toMatchObject({ cascade: 1 })
    const { text } = await admin('GET', '/metrics.prom')
    expect(text).toContain('mock_verdict 2')
    expect(text).toContain('mock_alert_active{alert="cascade",severity="critical"} 1')
    expect(text).toContain('mock_alerts_total{alert="retries"} 1')
    expect(log.map(logLine).join('\n')).toMatch(
      /\d\d:\d\d:\d\d storm {4}cascade: raised to critical: messages, users fail together/,
    )
    // Nobody has asked it to defend itself.
    expect(mock.machinery.limiter.options.mode).toBe('off')
  })

  it('has the mock defend itself when it is told to, once', async () => {
    const { mock, admin, load, log } = await world({ respond: true })
    load(60, naive)
    await until(() => log.some(({ about }) => about === 'response'))
    expect(mock.machinery.limiter.options).toMatchObject({
      mode: 'adaptive',
      headers: 'backpressure',
      queueLimit: 1_000,
      breaker: { enabled: true },
    })
    expect(mock.machinery.hints.status.enabled).toBe(true)
    const { json } = await admin('GET', '/backend')
    expect(json).toMatchObject({ retryAfter: 'drain', voice: { asia: { autoscale: true } } })
    await admin('PATCH', '/limits', { gateway: { mode: 'off' } })
    await until(() => log.length > 3)
    expect(log.filter(({ about }) => about === 'response')).toHaveLength(1)
    expect(mock.machinery.limiter.options.mode).toBe('off')
  })

  it('can be looked for otherwise, or not at all', async () => {
    const { admin } = await world()
    expect((await admin('PATCH', '/cascade', { enabled: false })).json.enabled).toBe(false)
    expect((await admin('GET', '/cascade')).json).toMatchObject({ tickMs: 100, enabled: false })
    expect((await admin('PATCH', '/cascade', { tickMs: 0 })).json.error).toBe(
      'cascade: tickMs must be a number > 0, got 0',
    )
  })
})
