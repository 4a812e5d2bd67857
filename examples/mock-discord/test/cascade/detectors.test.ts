import { describe, expect, it } from 'vitest'
import type { Service } from '../../src/backend/service.ts'
import { defaultCascade } from '../../src/cascade/cascade-options.ts'
import { cascade, correlation, errors } from '../../src/cascade/error-correlation.ts'
import { exhaustion, slope } from '../../src/cascade/forecast.ts'
import { backoffViolations, limiting, retryRate } from '../../src/cascade/retry-rate.ts'
import { newTick, type Tick } from '../../src/cascade/tick.ts'
import { latency, sockets, traffic, voice } from '../../src/cascade/traffic-pattern.ts'

const options = defaultCascade({ time: 1 })
const usual = { requestsPerTick: 10, meanMs: 150 }

/** A window of which each tick is what `make` changes of an idle one. */
const window = (make: (tick: Tick, index: number) => void, length = 10): Tick[] =>
  Array.from({ length }, (_, index) => {
    const tick = newTick()
    make(tick, index)
    return tick
  })

const fail = (tick: Tick, service: Service, failures: number, requests = 10) => {
  Object.assign(tick.services[service], { requests, failures })
  tick.requests += requests
}

describe('retries', () => {
  const retrying = (requests: number, retries: number, violations = 0) =>
    window((tick) => Object.assign(tick, { requests, retries, violations }))

  it.each([
    [100, 5, undefined],
    [120, 20, 'warning'],
    [150, 75, 'critical'],
    [1, 1, undefined],
  ])('of %d requests, %d of them retries, are %s', (requests, retries, severity) => {
    expect(retryRate(retrying(requests, retries), options, usual)?.severity).toBe(severity)
  })

  it('say how many there are', () => {
    expect(retryRate(retrying(400, 300), options, usual)?.text).toBe(
      '3.0 retries per first attempt',
    )
  })

  it.each([
    [10, 2, undefined],
    [10, 3, 'warning'],
    [20, 17, 'critical'],
    [1, 1, undefined],
  ])('of which, of %d, %d break their backoff are %s', (retries, violations, severity) => {
    const found = backoffViolations(retrying(100, retries, violations), options, usual)
    expect(found?.severity).toBe(severity)
  })

  it('tell of limits that turn many away', () => {
    const limited = (count: number) =>
      limiting(
        window((tick) => Object.assign(tick, { requests: 10, limited: count })),
        options,
        usual,
      )
    expect([limited(0), limited(1)?.severity, limited(3)?.text]).toEqual([
      undefined,
      'warning',
      '30 % of requests are answered 429',
    ])
    expect(limiting([newTick()], options, usual)).toBeUndefined()
  })
})

describe('errors', () => {
  it('are told by service, the quiet ones left out', () => {
    const found = errors(
      window((tick) => {
        fail(tick, 'messages', 4)
        fail(tick, 'voice', 0)
        fail(tick, 'files', 1, 1)
      }),
      options,
      usual,
    )
    expect(found).toMatchObject({ severity: 'critical', text: 'requests fail: messages 40 %' })
  })

  it('that rise and fall together are a cascade', () => {
    const together = window((tick, index) => {
      fail(tick, 'messages', index % 4)
      fail(tick, 'users', (index % 4) + 1)
    })
    expect(cascade(together, options, usual)).toMatchObject({
      severity: 'critical',
      value: 1,
      text: 'messages, users fail together (r = 1.00): look at what they share',
    })
  })

  it('that come at different times are none', () => {
    const apart = window((tick, index) => {
      fail(tick, 'messages', index < 5 ? 6 : 0)
      fail(tick, 'users', index < 5 ? 0 : 6)
    })
    expect(errors(apart, options, usual)?.severity).toBe('critical')
    expect(cascade(apart, options, usual)).toBeUndefined()
  })

  it('of services that are down for good are one, though nothing moves', () => {
    const down = window((tick) => {
      fail(tick, 'messages', 10)
      fail(tick, 'users', 10)
    })
    expect(cascade(down, options, usual)?.value).toBe(1)
  })

  it('of one service are none', () => {
    expect(
      cascade(
        window((tick) => fail(tick, 'voice', 9)),
        options,
        usual,
      ),
    ).toBeUndefined()
  })

  it.each([
    [[1, 2, 3], [2, 4, 6], 1],
    [[1, 2, 3], [3, 2, 1], -1],
    [[1, 1, 1], [1, 2, 3], 0],
    [[1, 2, 1, 2], [1, 1, 2, 2], 0],
  ])('of %j and %j correlate by %d', (a, b, r) => {
    expect(correlation(a, b)).toBeCloseTo(r, 10)
  })
})

describe('traffic', () => {
  const of = (requests: number, durationMs = 0) =>
    window((tick) => Object.assign(tick, { requests, durationMs }))

  it('warns of more than is usual, and never more than warns', () => {
    expect(traffic(of(29), options, usual)).toBeUndefined()
    expect(traffic(of(30), options, usual)?.severity).toBe('warning')
    expect(traffic(of(100), options, usual)).toMatchObject({
      severity: 'warning',
      text: '10.0 × the usual requests',
    })
    expect(traffic(of(100), options, undefined)).toBeUndefined()
  })

  it('that takes longer than usual is told', () => {
    expect(latency(of(10, 10 * 500), options, usual)).toBeUndefined()
    expect(latency(of(10, 10 * 600), options, usual)?.severity).toBe('warning')
    expect(latency(of(10, 10 * 30_000), options, usual)).toMatchObject({
      severity: 'critical',
      text: 'a request takes 30000 ms, 200 × as long as usual',
    })
    expect(latency(of(10, 9e9), options, undefined)).toBeUndefined()
  })

  it('of sockets is told when upgrades fail', () => {
    const upgrades = (accepted: number, failed: number) =>
      window((tick, index) => {
        tick.gauges = {
          ...tick.gauges,
          upgrades: { accepted: accepted * index, failed: failed * index },
        }
      })
    expect(sockets(upgrades(100, 2), options, usual)).toBeUndefined()
    expect(sockets(upgrades(10, 2), options, usual)?.severity).toBe('warning')
    expect(sockets(upgrades(10, 90), options, usual)?.text).toBe('90 % of WebSocket upgrades fail')
    expect(sockets([], options, usual)).toBeUndefined()
  })

  it('of voice is told by region', () => {
    const busy = window((tick) => {
      tick.gauges = { ...tick.gauges, voiceCpu: { 'us-east': 0.97, asia: 0.9, 'eu-west': 0.4 } }
    })
    expect(voice(busy, options, usual)).toMatchObject({
      severity: 'critical',
      text: 'media servers are busy: us-east 97 %, asia 90 %',
    })
    expect(voice([newTick()], options, usual)).toBeUndefined()
  })
})

describe('the forecast', () => {
  const filling = (from: number, perTick: number) =>
    window((tick, index) => {
      tick.gauges = { ...tick.gauges, usage: from + perTick * index }
    })

  it.each([
    [0.2, 0, undefined],
    [0.5, -0.01, undefined],
    [0.01, 0.005, undefined],
    [0.2, 0.005, undefined],
    [0.2, 0.02, 'warning'],
    [0.2, 0.05, 'critical'],
    [1, 0, 'critical'],
    [0.97, 0, 'critical'],
    [0.99, -0.005, 'critical'],
  ])('from %d, rising by %d a second, is %s', (from, perTick, severity) => {
    expect(exhaustion(filling(from, perTick), options, usual)?.severity).toBe(severity)
  })

  it('says when, and when it is too late', () => {
    expect(exhaustion(filling(0.2, 0.05), options, usual)?.text).toBe(
      'pool and queue 65 % full, and all of them in 7.0 s at this pace',
    )
    expect(exhaustion(filling(1, 0), options, usual)?.text).toContain('are full')
    expect(exhaustion(filling(0.97, 0), options, usual)?.text).toContain('are 97 % full')
    expect(slope([3])).toBe(0)
  })
})
