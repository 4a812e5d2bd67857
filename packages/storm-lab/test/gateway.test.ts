import { describe, expect, it } from 'vitest'
import { Gateway } from '../src/backend/gateway.ts'
import type { GatewayOptions } from '../src/backend/gateway-options.ts'
import type { LimiterOptions } from '../src/backend/limiter.ts'
import { AttemptTable, stages } from '../src/fleet/attempt-table.ts'
import { Kernel } from '../src/kernel/kernel.ts'
import { RandomStream } from '../src/random/random-stream.ts'

/** A gateway before a service that does nothing but count. */
function world(options: GatewayOptions, { scale = 1, drainMs = 0 } = {}) {
  const kernel = new Kernel()
  const attempts = new AttemptTable()
  const answers: string[] = []
  let passed = 0
  const load = { drainMs }
  const gateway = new Gateway(
    {
      kernel,
      attempts,
      service: { submit: () => passed++ },
      drainMs: () => load.drainMs,
      answer(attempt) {
        const wait = attempts.retryAfterMs[attempt] as number
        const suffix = Number.isNaN(wait) ? '' : ` wait ${wait}`
        answers.push(`${Math.round(kernel.nowMs)} ${attempts.status[attempt]}${suffix}`)
      },
      drop() {},
    },
    new RandomStream(1, 'gateway'),
    options,
    scale,
  )
  function receive(count = 1): void {
    for (let each = 0; each < count; each++) gateway.receive(attempts.take())
  }
  function receiveOf(client: number): void {
    const attempt = attempts.take()
    attempts.client[attempt] = client
    gateway.receive(attempt)
  }
  /** How many of so many a second are let through in a time. */
  function passedOf(perSecond: number, seconds: number): number {
    const before = passed
    const kind = kernel.on(() => receive())
    const fromMs = kernel.nowMs
    for (let each = 0; each < perSecond * seconds; each++)
      kernel.at(fromMs + (1000 * each) / perSecond, kind, 0)
    const tick = kernel.on(() => gateway.tick())
    for (let second = 1; second <= seconds; second++) kernel.at(fromMs + 1000 * second, tick, 0)
    kernel.run(fromMs + 1000 * seconds)
    return passed - before
  }
  return {
    kernel,
    attempts,
    gateway,
    answers,
    load,
    receive,
    receiveOf,
    passedOf,
    passed: () => passed,
  }
}

const limited = (limiter: LimiterOptions): GatewayOptions => ({ limiter })

describe('a gateway', () => {
  it('lets through what it can look at, and refuses the rest of each second', () => {
    const { kernel, receive, passed, answers } = world({ maxPerSecond: 100 }, { scale: 0.1 })
    receive(12)
    expect(passed()).toBe(10)
    kernel.run(999)
    expect(answers).toEqual(['50 503', '50 503'])
    kernel.run(1000)
    receive()
    expect(passed()).toBe(11)
  })

  it('refuses connections while it is down, and lets them through when it is up again', () => {
    const { kernel, gateway, receive, passed, answers } = world({})
    gateway.configure({ state: 'refusing', rejectMs: 5 })
    receive()
    kernel.run(10)
    expect(answers).toEqual(['5 1'])
    gateway.configure({ state: 'up' })
    receive()
    expect(passed()).toBe(1)
  })

  it('loses what comes while it is silent', () => {
    const { kernel, gateway, receive, passed, answers, attempts } = world({ state: 'silent' })
    receive()
    gateway.configure({ state: 'up' })
    kernel.run(1e6)
    expect([passed(), answers.length, attempts.stage[0]]).toEqual([0, 0, stages.lost])
  })

  it('holds what comes while the network is broken, until it is not', () => {
    const { gateway, receive, passed } = world({ state: 'holding' })
    receive(3)
    expect(passed()).toBe(0)
    gateway.configure({ state: 'up' })
    expect(passed()).toBe(3)
  })

  it('fails a part of what comes, with a status or without a word', () => {
    const { kernel, gateway, receive, passed, answers } = world({
      faults: { ratio: 0.2, status: 502, afterMs: 7 },
    })
    receive(10_000)
    kernel.run(10)
    expect(Math.abs(answers.length - 2000)).toBeLessThan(100)
    expect(new Set(answers)).toEqual(new Set(['7 502']))
    expect(passed() + answers.length).toBe(10_000)
    gateway.configure({ faults: { ratio: 1, status: 'silence' } })
    receive(10)
    kernel.run(1e6)
    expect(passed() + answers.length).toBe(10_000)
    gateway.configure({ faults: { ratio: 1 } })
    receive()
    kernel.run(2e6)
    expect(answers.at(-1)).toBe('1000050 500')
  })

  it('says when a full queue will have drained, if it is told to', () => {
    const { kernel, gateway, attempts, answers } = world({ hasRetryAfter: true }, { drainMs: 4200 })
    gateway.refused(attempts.take(), 503)
    gateway.refused(attempts.take(), 504)
    gateway.served(attempts.take())
    kernel.run(100)
    expect(answers).toEqual(['0 200', '50 503 wait 5000', '50 504'])
  })
})

describe('a limiter', () => {
  it('lets its quota through in each window of the clock, and says when the next begins', () => {
    const { kernel, receive, passed, answers } = world(
      limited({ kind: 'fixed-window', perSecond: 1, windowMs: 10_000 }),
    )
    kernel.run(4000)
    receive(12)
    expect(passed()).toBe(10)
    kernel.run(10_000)
    expect(answers).toEqual(['4050 429 wait 6000', '4050 429 wait 6000'])
    receive(11)
    expect(passed()).toBe(20)
  })

  it('says nothing about when, if it is told so', () => {
    const { kernel, receive, answers } = world(
      limited({ kind: 'fixed-window', perSecond: 1, hasRetryAfter: false }),
    )
    receive(61)
    kernel.run(100)
    expect(answers).toEqual(['50 429'])
  })

  it('lets through an even rate, as a token bucket', () => {
    const { passedOf, answers } = world(limited({ kind: 'token-bucket', perSecond: 100 }))
    expect(passedOf(300, 10)).toBeGreaterThan(990)
    expect(passedOf(300, 10)).toBeLessThanOrEqual(1000)
    expect(answers[0]).toContain('429 wait 1000')
  })

  it('gives each that it refuses a moment of its own, as slots', () => {
    const { kernel, receive, answers, passed } = world(limited({ kind: 'slots', perSecond: 2 }))
    kernel.run(10_000)
    receive(7)
    expect(passed()).toBe(1)
    kernel.run(10_100)
    // Half a second each, and in whole seconds.
    expect(answers.map((answer) => answer.split(' ').at(-1))).toEqual([
      '1000',
      '2000',
      '2000',
      '3000',
      '3000',
      '4000',
    ])
  })

  it('gives way while the queue is long, and comes back when it is not, as adaptive', () => {
    const { load, passedOf } = world(limited({ kind: 'adaptive', perSecond: 100 }))
    expect(passedOf(100, 10)).toBeGreaterThan(980)
    load.drainMs = 1000
    passedOf(100, 30)
    expect(passedOf(100, 10)).toBeLessThan(20)
    load.drainMs = 0
    passedOf(100, 100)
    expect(passedOf(100, 10)).toBeGreaterThan(980)
  })
})

describe('a limit for each client', () => {
  const clientLimit = { perSecond: 0.1, burst: 2 }

  it('takes so many at once and the rest at its rate, and says when to come again', () => {
    const { kernel, receiveOf, passed, answers } = world({ clientLimit })
    for (let each = 0; each < 4; each++) receiveOf(7)
    expect(passed()).toBe(2)
    kernel.run(9999)
    expect(answers).toEqual(['50 429 wait 10000', '50 429 wait 10000'])
    receiveOf(7)
    expect(passed()).toBe(2)
    kernel.run(10_000)
    receiveOf(7)
    expect(passed()).toBe(3)
  })

  it('counts each by itself', () => {
    const { receiveOf, passed } = world({ clientLimit: { perSecond: 0.1 } })
    for (const client of [1, 2, 3, 1]) receiveOf(client)
    expect(passed()).toBe(3)
  })

  it('can be put in place and lifted', () => {
    const { gateway, receiveOf, passed } = world({})
    gateway.configure({ clientLimit: { perSecond: 0.1 } })
    for (let each = 0; each < 3; each++) receiveOf(1)
    expect(passed()).toBe(1)
    gateway.configure({ clientLimit: undefined })
    receiveOf(1)
    expect(passed()).toBe(2)
  })

  it('must be one', () => {
    expect(() => world({ clientLimit: { perSecond: 0 } })).toThrow(
      'gateway: clientLimit.perSecond must be a number ≥ 1e-9, got 0',
    )
  })
})
