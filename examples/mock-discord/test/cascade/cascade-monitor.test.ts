import { describe, expect, it } from 'vitest'
import { readCascadePatch } from '../../src/cascade/cascade-options.ts'
import { times, world } from './monitor-world.ts'

describe('the monitor of cascades', () => {
  it('learns what is usual while it is calm, and only then', () => {
    const { monitor, calm, seconds, request, scheduler } = world()
    calm(9)
    expect(monitor.status.usual).toBeUndefined()
    calm(20)
    expect(monitor.status).toMatchObject({
      verdict: 'calm',
      usual: { requestsPerTick: 10, meanMs: 150 },
      now: { requestsPerSecond: 10, okRatio: 1, meanMs: 150, retriesPerFirst: 0 },
    })
    seconds(60, () => times(100, request))
    expect(monitor.status.usual?.requestsPerTick).toBeLessThan(20)
    expect(monitor.status.verdict).toBe('strained')
    scheduler.advance(600_000)
    expect(monitor.status).toMatchObject({ verdict: 'calm', now: { okRatio: null } })
  })

  it('tells the incident’s first minutes in order: traffic, the forecast, then retries and the cascade', () => {
    const { monitor, calm, seconds, request, gauges, log } = world()
    calm(30)
    // 33 s of ten times the load.
    seconds(20, () => {
      times(100, request)
      gauges.usage = Math.min(1, gauges.usage + 0.04)
    })
    const before = log.length
    expect(monitor.verdict).toBe('storm')
    seconds(20, () => {
      gauges.usage = 1
      times(60, () => request({ outcome: 'refused', durationMs: 30_000 }))
      times(60, () => request({ service: 'users', outcome: 'abandoned', durationMs: 30_000 }))
      times(180, () => request({ outcome: 'refused', isRetry: true, isViolation: true }))
    })
    const kinds = log.map((line) => line.slice(18).split(':')[0])
    expect(new Set(kinds.slice(0, before))).toEqual(new Set(['traffic', 'exhaustion']))
    expect(new Set(kinds.slice(before))).toEqual(
      new Set(['cascade', 'retries', 'errors', 'backoff', 'latency']),
    )
    expect(log[0]).toMatch(/^16:47:3\d strained traffic: #1 raised to warning: \d\.\d × the usual/)
    expect(monitor.status.alerts.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['cascade', 'retries', 'errors', 'backoff', 'latency', 'exhaustion']),
    )
  })

  it('keeps an alert until it has been gone for a while, then remembers it at its worst', () => {
    const { monitor, calm, seconds, request, log } = world()
    calm(20)
    seconds(10, () => {
      times(10, request)
      times(5, () => request({ outcome: 'error' }))
    })
    seconds(8, () => times(10, request))
    expect(monitor.status.alerts[0]).toMatchObject({
      kind: 'errors',
      worst: { severity: 'critical' },
    })
    calm(30)
    expect(monitor.status).toMatchObject({
      verdict: 'calm',
      alerts: [],
      raised: { errors: 1 },
      history: [{ kind: 'errors', worst: { text: 'requests fail: messages 33 %' } }],
    })
    expect(log.at(-1)).toMatch(
      /calm {5}errors: #1 cleared after \d+ s \(at its worst: requests fail/,
    )
  })

  it('does not ease before it has been better for a while', () => {
    const { seconds, request, log } = world({ windowTicks: 2 })
    const failing = (count: number) => () => {
      times(20, request)
      times(count, () => request({ outcome: 'error' }))
    }
    seconds(4, failing(20))
    for (let round = 0; round < 5; round++) {
      seconds(3, failing(3))
      seconds(3, failing(20))
    }
    expect(log.filter((line) => line.includes('eased'))).toHaveLength(0)
    seconds(8, failing(3))
    expect(log.filter((line) => line.includes('eased'))).toHaveLength(1)
  })

  it('says nothing of few requests, and nothing when it is off', () => {
    const { monitor, seconds, request, log } = world()
    seconds(30, () => request({ outcome: 'error' }))
    expect(log).toEqual([])
    seconds(10, () => times(10, () => request({ outcome: 'error' })))
    expect(monitor.verdict).toBe('storm')
    monitor.configure({ enabled: false })
    expect(monitor.verdict).toBe('calm')
    seconds(10, () => times(10, () => request({ outcome: 'error' })))
    expect(log.at(-1)).toContain('cleared')
  })

  it('remembers a hundred alerts, and leaves nothing behind', () => {
    const { monitor, seconds, request, scheduler } = world({
      windowTicks: 2,
      clearTicks: 1,
      returnMs: 0,
    })
    for (let n = 0; n < 120; n++) {
      seconds(2, () => times(30, () => request({ outcome: 'error' })))
      seconds(4, () => times(30, request))
    }
    expect(monitor.status.history).toHaveLength(100)
    expect(monitor.status.raised.errors).toBe(120)
    monitor.close()
    expect(scheduler.pending).toBe(0)
  })

  it.each([
    [{ retryRatio: { warning: 1 } }, 'cascade: retryRatio needs critical'],
    [{ windowTicks: 1 }, 'cascade: windowTicks must be an integer from 2 to 600, got 1'],
    [{ correlation: 2 }, 'cascade: correlation must be a number from 0 to 1, got 2'],
  ])('refuses %j', (patch, message) => {
    expect(() => readCascadePatch(patch, 'cascade')).toThrow(message)
  })
})
