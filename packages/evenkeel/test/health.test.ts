import { EvenkeelError } from '@evenkeel/core'
import { manualClock } from '@evenkeel/core/testing'
import type { FetchEvent } from '@evenkeel/fetch'
import { describe, expect, it } from 'vitest'
import { assess, type KeyView, levelOf } from '../src/health/assess.ts'
import { KeyWindow } from '../src/health/key-window.ts'
import { type HealthOptions, type HealthState, healthMonitor } from '../src/index.ts'

const key = 'https://api.example.com'

const calm: KeyView = {
  key,
  tally: { attempts: 100, failures: 0, limited: 0, retries: 0 },
  isOpen: false,
  isReopened: false,
  cooldownMs: 0,
  hintLevel: undefined,
  recentMs: 100,
  usualMs: 100,
  answers: 100,
}
const counted = (tally: Partial<KeyView['tally']>): KeyView => ({
  ...calm,
  tally: { ...calm.tally, ...tally },
})

describe('what speaks against an API', () => {
  it.each<[string, KeyView, string, string]>([
    [
      'a tenth of failures',
      counted({ failures: 10 }),
      'strained',
      '10 % of 100 requests failed in 30.0 s',
    ],
    [
      'half of failures',
      counted({ attempts: 6, failures: 3 }),
      'storm',
      '50 % of 6 requests failed in 30.0 s',
    ],
    [
      'some refusals for rate',
      counted({ limited: 5 }),
      'strained',
      '5 % of 100 requests were refused for rate in 30.0 s',
    ],
    [
      'many refusals for rate',
      counted({ limited: 30 }),
      'storm',
      '30 % of 100 requests were refused for rate in 30.0 s',
    ],
    [
      'a tenth of retries',
      counted({ retries: 10 }),
      'strained',
      '10 % of 100 requests were retries in 30.0 s',
    ],
    [
      'a third of retries',
      counted({ retries: 34 }),
      'storm',
      '34 % of 100 requests were retries in 30.0 s',
    ],
    ['an open circuit', { ...calm, isOpen: true }, 'strained', 'down a moment ago'],
    [
      'a probe that failed',
      { ...calm, isOpen: true, isReopened: true },
      'storm',
      'still down when probed',
    ],
    ['a cooldown', { ...calm, cooldownMs: 4200 }, 'strained', 'asks for quiet for 4.2 s'],
    [
      'answers that slow down',
      { ...calm, recentMs: 900, usualMs: 300 },
      'strained',
      'answers take 0.9 s, 3.0 times as long as usual',
    ],
    [
      'a hint that sheds',
      { ...calm, hintLevel: 2.5 },
      'strained',
      'admits only a part of all calls (level 2.5)',
    ],
    [
      'a hint that sheds much',
      { ...calm, hintLevel: 1.4 },
      'storm',
      'admits only a part of all calls (level 1.4)',
    ],
  ])('%s', (_name, view, level, text) => {
    const reasons = assess([view], 30_000)
    expect(reasons).toMatchObject([{ level, key, text: `${key}: ${text}` }])
    expect(levelOf(reasons)).toBe(level)
  })

  it.each<[string, KeyView]>([
    ['all is well', calm],
    ['one of four failed', counted({ attempts: 4, failures: 1 })],
    ['four of four failed: too few to tell', counted({ attempts: 4, failures: 4 })],
    ['one of nine failed', counted({ attempts: 9, failures: 1 })],
    ['a fast API became a little slower', { ...calm, recentMs: 40, usualMs: 10 }],
    ['few answers were slow', { ...calm, answers: 15, recentMs: 5000 }],
    ['the hint admits all', { ...calm, hintLevel: 3 }],
  ])('nothing, where %s', (_name, view) => {
    expect(assess([view], 30_000)).toEqual([])
    expect(levelOf([])).toBe('calm')
  })

  it('errors that come together from several services', () => {
    const failing = (name: string): KeyView => ({
      ...counted({ attempts: 4, failures: 2 }),
      key: name,
    })
    expect(assess([failing('a'), failing('b'), { ...calm, key: 'c' }], 30_000)).toEqual([
      {
        kind: 'correlation',
        level: 'storm',
        key: undefined,
        text: '2 of 3 services fail at the same time',
      },
    ])
    const healthy = ['c', 'd', 'e'].map((name) => ({ ...calm, key: name }))
    expect(assess([failing('a'), failing('b'), ...healthy], 30_000)).toEqual([])
  })
})

describe('the counts of a key', () => {
  it('slide: what is older than the window counts no more', () => {
    const window = new KeyWindow(30_000)
    window.count(false, 'failed', 0)
    window.count(true, 'limited', 4000)
    window.count(false, 'answered', 29_000)
    expect(window.sum(29_999)).toEqual({ attempts: 3, failures: 1, limited: 1, retries: 1 })
    expect(window.sum(30_000)).toEqual({ attempts: 2, failures: 0, limited: 1, retries: 1 })
    expect(window.sum(90_000)).toEqual({ attempts: 0, failures: 0, limited: 0, retries: 0 })
  })

  it('know what is recent beside what is usual', () => {
    const window = new KeyWindow(30_000)
    for (let i = 0; i < 64; i++) window.timed(100)
    expect([window.recentMs, window.usualMs]).toEqual([100, 100])
    for (let i = 0; i < 4; i++) window.timed(900)
    expect(window.recentMs).toBeGreaterThan(500)
    expect(window.usualMs).toBeLessThan(160)
  })
})

describe('the monitor', () => {
  function monitored() {
    const clock = manualClock()
    const told: HealthState[] = []
    const health = healthMonitor({ clock, onChange: (state) => told.push(state) })
    const call = () => ({ method: 'GET', url: key, key, tag: undefined })
    return {
      clock,
      health,
      levels: () => told.map(({ level }) => level),
      told,
      succeed(times = 1) {
        for (let i = 0; i < times; i++) {
          const each = call()
          health.observe({ type: 'attemptStarted', call: each, attempt: 1 })
          health.observe({ type: 'succeeded', call: each, attempts: 1, status: 200 })
        }
      },
      fail(times = 1, facts: { throttled?: boolean; code?: string } = {}) {
        for (let i = 0; i < times; i++) {
          const each = call()
          const error = new EvenkeelError(facts.code ?? 'HTTP_STATUS', 'no', {
            transient: true,
            throttled: facts.throttled,
          })
          health.observe({ type: 'attemptStarted', call: each, attempt: 1 })
          health.observe({ type: 'attemptFailed', call: each, attempt: 1, status: 503, error })
        }
      },
    }
  }

  it('rises at once, says why, and falls step by step when nothing speaks for it', async () => {
    const { health, clock, told, levels, succeed, fail } = monitored()
    expect([health.level, health.reasons]).toEqual(['calm', []])
    succeed(20)
    fail(3)
    expect(health.level).toBe('strained')
    fail(20)
    expect(health.level).toBe('storm')
    expect(told[1]?.reasons[0]?.text).toMatch(/requests failed in 30\.0 s$/)
    await clock.advance(30_000)
    expect(levels()).toEqual(['strained', 'storm'])
    await clock.advance(30_000)
    expect(levels()).toEqual(['strained', 'storm', 'strained', 'calm'])
    expect(clock.pending).toBe(0)
  })

  it('does not flicker: what comes back within the hold keeps the level', async () => {
    const { clock, levels, fail } = monitored()
    fail(5)
    for (let i = 0; i < 10; i++) {
      await clock.advance(33_000)
      fail(5)
    }
    expect(levels()).toEqual(['storm'])
  })

  it('counts neither aborts nor hedges that lost', () => {
    const { health, fail } = monitored()
    fail(20, { code: 'HEDGE_LOST' })
    const call = { method: 'GET', url: key, key, tag: undefined }
    for (let i = 0; i < 20; i++)
      health.observe({
        type: 'attemptFailed',
        call,
        attempt: 1,
        status: undefined,
        error: new DOMException('enough', 'AbortError'),
      })
    expect(health.level).toBe('calm')
  })

  it('tells refusals for rate from failures', () => {
    const { health, fail } = monitored()
    fail(5, { throttled: true })
    expect(health.reasons).toMatchObject([{ kind: 'limits', level: 'storm' }])
  })

  it('knows of circuits and cooldowns, by key or all at once', async () => {
    const { health, clock } = monitored()
    const hear = (event: FetchEvent) => health.observe(event)
    const kinds = () => health.reasons.map(({ kind }) => kind)
    const opened = (reason: string, isCritical = false) =>
      hear({ type: 'opened', key, isCritical, reason, openMs: 5000, retryAt: new Date(0) })
    opened('consecutiveFailures')
    expect([health.level, kinds()]).toEqual(['strained', ['circuit']])
    opened('probeFailed')
    expect(health.level).toBe('storm')
    hear({ type: 'closed', key: 'another', isCritical: false })
    expect(kinds()).toEqual(['circuit'])
    opened('x', true)
    hear({ type: 'closed', key, isCritical: false })
    expect(kinds()).toEqual(['circuit'])
    hear({ type: 'closed', key, isCritical: true })
    expect(kinds()).toEqual([])
    opened('x')
    hear({ type: 'reset', key: undefined })
    expect(kinds()).toEqual([])
    hear({ type: 'cooldownStarted', key, waitMs: 500, source: 'backoff' })
    expect(kinds()).toEqual([])
    hear({ type: 'cooldownStarted', key, waitMs: 5000, source: 'server' })
    expect(kinds()).toEqual(['cooldown'])
    hear({ type: 'cooldownEnded', key })
    expect(kinds()).toEqual([])
    hear({ type: 'halfOpened', key, isCritical: false })
    opened('x')
    await clock.advance(34_999)
    expect(kinds()).toEqual(['circuit'])
    await clock.advance(1)
    expect(kinds()).toEqual([])
    health.close()
    expect(clock.pending).toBe(0)
  })

  it('takes the server’s own word', () => {
    const { health } = monitored()
    health.hint(key, 1)
    expect(health.level).toBe('storm')
    health.hint(key, undefined)
    expect(health.reasons).toEqual([])
  })

  it('warns before anything fails, and forgets an API that nobody asks', async () => {
    const { clock, health } = monitored()
    const take = async (durationMs: number) => {
      const call = { method: 'GET', url: key, key, tag: undefined }
      health.observe({ type: 'attemptStarted', call, attempt: 1 })
      await clock.advance(durationMs)
      health.observe({ type: 'succeeded', call, attempts: 1, status: 200 })
    }
    for (let i = 0; i < 30; i++) await take(100)
    expect(health.level).toBe('calm')
    for (let i = 0; i < 4; i++) await take(2000)
    expect(health.reasons).toMatchObject([{ kind: 'latency', level: 'strained' }])
    await clock.advance(30_000)
    expect(health.reasons).toEqual([])
  })

  it.each([
    [{ windowMs: 10 }, 'healthMonitor: windowMs must be a number ≥ 1000, got 10'],
    [{ window: 10 } as HealthOptions, 'healthMonitor: there is no option window'],
    [{ holdMs: -1 }, 'healthMonitor: holdMs must be a number ≥ 0, got -1'],
  ])('refuses %o', (options, message) => {
    expect(() => healthMonitor(options)).toThrow(new RangeError(message))
  })
})
