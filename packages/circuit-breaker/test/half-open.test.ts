import { retryAfterMs } from '@evenkeel/core'
import { describe, expect, it } from 'vitest'
import { consecutiveFailures, slowCallRate } from '../src/index.ts'
import { failure, world } from './world.ts'

const options = { trip: consecutiveFailures({ threshold: 1 }), rampMs: 0, maxProbes: 1 } as const

/** A circuit that was opened once and admits a probe now. */
async function due(more: Parameters<typeof world>[0] = {}) {
  const made = world({ ...options, ...more })
  await made.fail()
  await made.clock.advance(5000)
  made.events.length = 0
  return made
}

describe('half-open', () => {
  it('lets one of a hundred callers through as a probe', async () => {
    const { start, types } = await due()
    const callers = Array.from({ length: 100 }, () => start())
    expect(callers.filter(({ isAdmitted }) => isAdmitted)).toHaveLength(1)
    expect(types().filter((type) => type !== 'rejected')).toEqual(['halfOpened'])
  })

  it('closes when the probe succeeds', async () => {
    const { succeed, start, breaker } = await due()
    await succeed()
    expect(breaker.state('default')).toBe('closed')
    expect(start().isAdmitted && start().isAdmitted).toBe(true)
  })

  it('opens again, for longer, when the probe fails', async () => {
    const { fail, breaker, events } = await due()
    await fail()
    expect(breaker.state('default')).toBe('open')
    expect(events.at(-1)).toMatchObject({ type: 'opened', reason: 'probeFailed', openMs: 10_000 })
  })

  it('tells the others to come back soon', async () => {
    const { start, clock } = await due({ probeLeaseMs: 8000 })
    start()
    const wait = async () => retryAfterMs(((await start().ending) as { error: unknown }).error)
    expect(await wait()).toBe(5000)
    await clock.advance(6000)
    expect(await wait()).toBe(2000)
  })

  it('counts a probe as failed whose judge throws, and waits for no lease', async () => {
    const bug = new Error('bug')
    let isJudged = true
    const isFailure = (): boolean => {
      if (isJudged) return true
      throw bug
    }
    const { fail, start, clock, breaker } = await due({ isFailure })
    isJudged = false
    expect(await fail()).toEqual({ error: bug })
    expect(breaker.state('default')).toBe('open')
    await clock.advance(10_000)
    expect(start().isAdmitted).toBe(true)
  })

  it('gives the place of a probe that never ends to another when its lease ends', async () => {
    const { start, clock, breaker } = await due()
    start()
    await clock.advance(59_999)
    expect(start().isAdmitted).toBe(false)
    await clock.advance(1)
    const second = start()
    expect(second.isAdmitted).toBe(true)
    expect(start().isAdmitted).toBe(false)
    await second.succeed()
    expect(breaker.state('default')).toBe('closed')
  })

  it('does not listen to a probe whose place was given away', async () => {
    const { start, clock, breaker } = await due()
    const late = start()
    await clock.advance(60_000)
    const second = start()
    await late.fail()
    expect(breaker.state('default')).toBe('half-open')
    expect(start().isAdmitted).toBe(false)
    await second.succeed()
    expect(breaker.state('default')).toBe('closed')
  })

  it('listens to a late probe while nobody asked for its place', async () => {
    const { start, clock, breaker } = await due()
    const late = start()
    await clock.advance(300_000)
    await late.succeed()
    expect(breaker.state('default')).toBe('closed')
  })

  it('lets three probes through unless it is told otherwise, and goes by the first result', async () => {
    const { start, breaker } = await due({ maxProbes: undefined })
    const probes = Array.from({ length: 5 }, () => start())
    expect(probes.map(({ isAdmitted }) => isAdmitted)).toEqual([true, true, true, false, false])
    await probes[1]?.succeed()
    expect(breaker.state('default')).toBe('closed')
    await probes[0]?.fail()
    expect(breaker.state('default')).toBe('closed')
  })

  it('does not listen to calls issued before the break', async () => {
    const { start, fail, clock, breaker } = world(options)
    const [failing, succeeding] = [start(), start()]
    await fail()
    await succeeding.succeed()
    expect(breaker.state('default')).toBe('open')
    await clock.advance(5000)
    const probe = start()
    await failing.fail(failure({ retryAfterMs: 1_000_000 }))
    expect(probe.isAdmitted).toBe(true)
    await probe.succeed()
    expect(breaker.state('default')).toBe('closed')
  })

  it('does not listen, once closed, to failures of older calls', async () => {
    const { start, fail, succeed, clock, breaker } = world(options)
    const old = start()
    await fail()
    await clock.advance(5000)
    await succeed()
    await old.fail()
    expect(breaker.state('default')).toBe('closed')
  })

  it.each([
    ['an abort by the caller', () => new DOMException('gone', 'AbortError'), true],
    ['a limit', () => failure({ throttled: true }), false],
  ])('gives the place of a probe ended by %s to the next call', async (_, error, aborts) => {
    const { start, breaker } = await due()
    const controller = new AbortController()
    const probe = start({ signal: controller.signal })
    if (aborts) controller.abort()
    await probe.fail(error())
    await Promise.resolve()
    expect(breaker.state('default')).toBe('half-open')
    expect(start().isAdmitted).toBe(true)
    expect(start().isAdmitted).toBe(false)
  })

  it('closes on an answer that is an error of the app', async () => {
    const { fail, breaker } = await due()
    await fail(failure({ transient: false }))
    expect(breaker.state('default')).toBe('closed')
  })

  it('opens again when the probe was slow, if slow calls are a reason to', async () => {
    const { start, clock, breaker, events } = world({
      trip: slowCallRate({ slowMs: 1000, minCalls: 1 }),
    })
    const slow = start()
    await clock.advance(1000)
    await slow.succeed()
    await clock.advance(5000)
    const probe = start()
    await clock.advance(1000)
    expect(await probe.succeed()).toEqual({ value: 'ok' })
    expect(breaker.state('default')).toBe('open')
    expect(events.at(-1)).toMatchObject({ type: 'opened', reason: 'probeFailed' })
  })
})
