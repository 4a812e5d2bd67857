import { describe, expect, it } from 'vitest'
import { logLine } from '../../src/cascade/log-line.ts'
import { until } from '../sockets/until.ts'
import { naive, world } from './overload-world.ts'

describe('a cascade under real clients', () => {
  it('is noticed, and told by the admin API, the metrics and the log', async () => {
    const { mock, admin, load, log, kinds } = await world()
    load(1, {})
    await until(() => mock.machinery.cascade.status.usual)
    // What is found from now on stays, however long the other questions take.
    await admin('PATCH', '/cascade', { clearTicks: 600 })
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
    expect(text).toContain(
      'mock_alert_active{alertname="cascade",severity="critical",alertstate="firing"} 1',
    )
    expect(text).toContain('mock_alerts_total{alertname="retries"} 1')
    expect(log.map(logLine).join('\n')).toMatch(
      /\d\d:\d\d:\d\d storm {4}cascade: #\d+ raised to critical: messages, users fail together/,
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

  it('has the mock defend itself when it is told to in the middle of a storm', async () => {
    const { mock, admin, load } = await world()
    load(60, naive)
    await until(() => mock.machinery.cascade.verdict === 'storm')
    expect(mock.machinery.limiter.options.mode).toBe('off')
    await admin('PATCH', '/cascade', { respond: true })
    expect(mock.machinery.limiter.options.mode).toBe('adaptive')
  })

  it('refuses what would be critical before it is a warning', async () => {
    const { admin } = await world()
    const error = async (patch: object) => (await admin('PATCH', '/cascade', patch)).json.error
    expect(await error({ retryRatio: { warning: 1, critical: 0.2 } })).toBe(
      'cascade: retryRatio: critical must be ≥ warning (1), got 0.2',
    )
    expect(await error({ exhaustionMs: { warning: 1_000, critical: 2_000 } })).toBe(
      'cascade: exhaustionMs: critical must be ≤ warning (1000), got 2000',
    )
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
