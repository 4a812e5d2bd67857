import { describe, expect, it } from 'vitest'
import {
  type CallContext,
  EvenkeelError,
  errorCode,
  type RunOptions,
  run,
  sleep,
} from '../../src/index.ts'
import type { NetworkMonitorOptions } from '../../src/network/index.ts'
import { world } from './world.ts'

/** Attempts under the monitor's timeout of a second. */
function timed(options: NetworkMonitorOptions = {}) {
  const made = world(options)
  const { clock, monitor } = made
  const policy = monitor.timeout(1000)
  /** One that takes so long; how it ended, and after which time. */
  async function takes(ms: number, end: () => unknown = () => 'ok', runOptions: RunOptions = {}) {
    const startMs = clock.now()
    const action = async ({ signal }: CallContext) => {
      await sleep(ms, signal, clock)
      return end()
    }
    const ending = run(policy, action, { clock, key: 'api', ...runOptions }).then(
      (value) => value,
      (error) => errorCode(error) ?? error,
    )
    let outcome: unknown
    ending.then((value) => (outcome = [value, clock.now() - startMs]))
    await clock.runAll()
    return outcome
  }
  const fails = (error: unknown) => () => {
    throw error
  }
  return { ...made, takes, fails }
}

describe('the timeout of a monitor', () => {
  it('is what it was made with while nothing is known', async () => {
    const { takes, clock } = timed()
    expect(await takes(2000)).toEqual(['TIMEOUT', 1000])
    expect(clock.pending).toBe(0)
  })

  it('is as much longer as the network is slower', async () => {
    const { takes, answers } = timed()
    answers(540, 540, 540)
    expect(await takes(1999)).toEqual(['ok', 1999])
    const { takes: other, answers: others } = timed()
    others(540, 540, 540)
    expect(await other(2001)).toEqual(['TIMEOUT', 2000])
  })

  it('is what attempts of the key have needed, at least', async () => {
    const { takes } = timed()
    // 900 + 4 · 450
    await takes(900)
    expect(await takes(2699)).toEqual(['ok', 2699])
    expect(await takes(9000, () => 'ok', { key: 'other' })).toEqual(['TIMEOUT', 1000])
  })

  it('doubles after each timeout, up to five times what it was', async () => {
    const { takes } = timed()
    const limits = []
    for (let each = 0; each < 4; each++) limits.push(await takes(60_000))
    expect(limits).toEqual([
      ['TIMEOUT', 1000],
      ['TIMEOUT', 2000],
      ['TIMEOUT', 4000],
      ['TIMEOUT', 5000],
    ])
  })

  it('is short again on another network', async () => {
    const { takes, goes } = timed()
    await takes(60_000)
    goes('offline')
    goes('online')
    expect(await takes(60_000)).toEqual(['TIMEOUT', 1000])
  })

  it('stays as it was made when the monitor does not adapt', async () => {
    const { takes, answers } = timed({ adapts: false })
    answers(540, 540, 540)
    await takes(900)
    expect(await takes(60_000)).toEqual(['TIMEOUT', 1000])
    expect(await takes(60_000)).toEqual(['TIMEOUT', 1000])
  })

  it('ends a call at its deadline, which says nothing of what it would have needed', async () => {
    const { takes, monitor } = timed()
    expect(await takes(60_000, () => 'ok', { deadlineMs: 300 })).toEqual(['DEADLINE_EXCEEDED', 300])
    expect(await takes(60_000)).toEqual(['TIMEOUT', 1000])
    expect(monitor.facts.state).toBe('unknown')
  })

  it('takes no time limit for one', async () => {
    const { monitor, clock } = world()
    expect(await run(monitor.timeout(Infinity), () => 'ok', { clock })).toBe('ok')
    expect(monitor.facts.state).toBe('online')
  })

  it('refuses a time that is none', () => {
    expect(() => world().monitor.timeout(0)).toThrow(
      new RangeError('networkMonitor: timeoutMs must be a number ≥ 1, got 0'),
    )
  })
})

describe('what it observes', () => {
  const failure = (facts: object) => new EvenkeelError('FAILED', 'it failed', facts)

  it.each<[string, unknown, string]>([
    ['an answer that is a failure', failure({ transient: true, reached: 'yes' }), 'online'],
    ['a refusal for rate', failure({ transient: true, throttled: true, reached: 'no' }), 'online'],
    ['a connection that can’t be made', failure({ transient: true, reached: 'no' }), 'unknown'],
    ['a connection that broke', failure({ transient: true, reached: 'maybe' }), 'unknown'],
    ['a bug', new TypeError('x is not a function'), 'unknown'],
  ])('of %s is its error, and leaves the network %s', async (_, error, state) => {
    const { takes, fails, monitor } = timed()
    expect((await takes(10, fails(error))) as unknown[]).toContain(errorCode(error) ?? error)
    expect(monitor.facts.state).toBe(state)
  })

  it('of two keys whose connections break is a network that is down; a bug proves nothing', async () => {
    const { takes, fails, monitor } = timed()
    const broken = fails(failure({ transient: true, reached: 'maybe' }))
    await takes(10, broken, { key: 'a' })
    await takes(10, fails(new TypeError('x is not a function')), { key: 'b' })
    expect(monitor.facts.state).toBe('unknown')
    await takes(10, broken, { key: 'b' })
    expect(monitor.facts.state).toBe('offline')
  })

  it('of a caller who gave up is nothing', async () => {
    const { monitor, clock } = world()
    const controller = new AbortController()
    const call = run(monitor.timeout(1000), ({ signal }) => sleep(500, signal, clock), {
      clock,
      signal: controller.signal,
    })
    controller.abort('over')
    await expect(call).rejects.toBe('over')
    expect(monitor.facts.state).toBe('unknown')
    expect(clock.pending).toBe(0)
  })

  it('is how long attempts take', async () => {
    const { takes, monitor } = timed()
    for (const ms of [600, 700, 800]) await takes(ms)
    expect(monitor.facts).toMatchObject({ state: 'online', rttMs: 600, quality: 'fair' })
  })
})
