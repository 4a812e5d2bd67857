import { describe, expect, it } from 'vitest'
import { ClientTable } from '../../src/metrics/client-table.ts'
import { Histogram } from '../../src/metrics/histogram.ts'
import { type Ended, Metrics } from '../../src/metrics/metrics.ts'
import { requestOutcome } from '../../src/metrics/request-outcome.ts'

function world() {
  const clock = { nowMs: 5_000 }
  const gauges = { inUse: 3, queued: 7 }
  const metrics = new Metrics({
    now: () => clock.nowMs,
    gauges: () => gauges,
    rows: 5,
    maxClients: 3,
  })
  const request = (
    ended: Partial<Ended> = {},
    { client = 'mobile-1', attempt = 1, service = 'messages' as const } = {},
  ) =>
    metrics.request(
      { service, client, attempt },
      { by: 'route', status: 200, durationMs: 10, ...ended },
    )
  return { clock, metrics, request }
}

describe('requestOutcome', () => {
  it.each([
    [200, 'ok'],
    [304, 'ok'],
    [404, 'invalid'],
    [429, 'limited'],
    [500, 'error'],
    [502, 'error'],
    [503, 'refused'],
    [504, 'timeout'],
    ['gone', 'abandoned'],
    ['dropped', 'error'],
  ] as const)('calls %s %s', (status, outcome) => {
    expect(requestOutcome(status)).toBe(outcome)
  })
})

describe('a histogram', () => {
  it('gives quantiles within 9 % above, never above the longest', () => {
    const histogram = new Histogram()
    for (let ms = 1; ms <= 1_000; ms++) histogram.add(ms)
    expect(histogram.quantileMs(0.5)).toBeGreaterThanOrEqual(500)
    expect(histogram.quantileMs(0.5)).toBeLessThan(500 * 1.0906)
    expect(histogram.quantileMs(0.99)).toBe(1_000)
    expect(histogram).toMatchObject({ count: 1_000, sumMs: 500_500 })
  })

  it('holds any duration, and nothing after clear', () => {
    const histogram = new Histogram()
    for (const ms of [0, 0.01, 1e12]) histogram.add(ms)
    expect(histogram.count).toBe(3)
    histogram.clear()
    expect(histogram.quantileMs(0.99)).toBe(0)
  })
})

describe('the metrics', () => {
  it('count by outcome, service and status, and name who limited', () => {
    const { metrics, request } = world()
    request()
    request({ status: 429, by: 'gateway' })
    request({ status: 429, by: 'limits' })
    request({ status: 503 }, { service: 'voice' as never })
    request({ status: 'gone' })
    const snapshot = metrics.snapshot()
    expect(snapshot.requests).toBe(5)
    expect(snapshot.outcomes).toMatchObject({ ok: 1, limited: 2, refused: 1, abandoned: 1 })
    expect(snapshot.services.voice.refused).toBe(1)
    expect(snapshot.statuses).toEqual({ 200: 1, 429: 2, 503: 1, gone: 1 })
    expect(snapshot.limitedBy).toEqual({ gateway: 1, limits: 1 })
  })

  it('see retries and the amplification they make', () => {
    const { metrics, request } = world()
    for (const attempt of [1, 2, 3, 4, 1, 2]) request({}, { attempt })
    expect(metrics.snapshot()).toMatchObject({ retries: 4, amplification: 3 })
  })

  it('are at amplification 1 before anything came', () => {
    expect(world().metrics.snapshot().amplification).toBe(1)
  })

  it('count wasted work apart', () => {
    const { metrics } = world()
    metrics.onStarted(40)
    metrics.onFinished(100, false)
    metrics.onFinished(300, true)
    const { work, queueing } = metrics.snapshot()
    expect(work).toEqual({ jobs: 2, wastedJobs: 1, usefulMs: 100, wastedMs: 300 })
    expect(queueing).toMatchObject({ count: 1, meanMs: 40, p99Ms: 40 })
  })

  it('keep a row a second, also for seconds in which nothing came', () => {
    const { clock, metrics, request } = world()
    request({ durationMs: 10 })
    request({ status: 429 }, { attempt: 2 })
    metrics.onFinished(100, true)
    clock.nowMs += 2_500
    request({ status: 503 })
    clock.nowMs += 1_000
    const rows = metrics.series()
    expect(rows.map(({ atMs, requests }) => [atMs, requests])).toEqual([
      [0, 2],
      [1_000, 0],
      [2_000, 1],
    ])
    expect(rows[0]).toMatchObject({
      ok: 1,
      limited: 1,
      retries: 1,
      wastedMs: 100,
      p50Ms: 10,
      inUse: 3,
      queued: 7,
    })
    expect(metrics.series(2_000)).toHaveLength(1)
  })

  it('keep only the newest rows, however long the pause', () => {
    const { clock, metrics, request } = world()
    request()
    clock.nowMs += 1_000_000_000
    const rows = metrics.series()
    expect(rows).toHaveLength(5)
    expect(rows.at(-1)?.atMs).toBe(999_999_000)
  })
})

describe('the clients', () => {
  it('are counted one by one and by kind', () => {
    const { metrics, request } = world()
    request({}, { client: 'mobile-1' })
    request({}, { client: 'mobile-1', attempt: 2 })
    request({}, { client: 'mobile-2', attempt: 7 })
    request({ status: 429 }, { client: 'desktop-1' })
    request({}, { client: 'Bot abc' })
    const { clients } = metrics.snapshot()
    expect(
      clients.kinds.map(({ client, requests, retries }) => [client, requests, retries]),
    ).toEqual([
      ['mobile', 3, 2],
      ['desktop', 1, 0],
      ['other', 1, 0],
    ])
    expect(clients.kinds[0]).toMatchObject({ highestAttempt: 7, excess: 1 })
    expect(clients.kinds[1]?.limited).toBe(1)
  })

  it('are remembered in a bounded number', () => {
    const { metrics, request } = world()
    for (let index = 0; index < 10; index++) request({}, { client: `mobile-${index}` })
    expect(metrics.snapshot().clients).toMatchObject({ known: 3, forgotten: 7 })
  })

  it('have kinds in a bounded number', () => {
    const table = new ClientTable(1_000)
    for (let index = 0; index < 100; index++) {
      table.record({
        client: `kind${index}-1`,
        attempt: 1,
        outcome: 'ok',
        arrivedMs: 0,
        endedMs: 0,
        retryAfterMs: undefined,
      })
    }
    expect(table.kinds).toHaveLength(33)
    expect(table.kinds.find(({ client }) => client === 'other')?.requests).toBe(68)
  })

  it('are early when they retry before the time they were told', () => {
    const { clock, metrics, request } = world()
    request({ status: 429, retryAfterMs: 2_000 })
    clock.nowMs += 1_000
    request({ status: 429, retryAfterMs: 2_000 }, { attempt: 2 })
    clock.nowMs += 2_010
    request({}, { attempt: 3 })
    request({ status: 503 })
    request({}, { attempt: 2 })
    expect(metrics.snapshot().clients.top[0]).toMatchObject({ early: 1, retries: 3 })
  })
})
