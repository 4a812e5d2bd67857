import { errorCode } from '@evenkeel/core'
import { memoryStore, shareState } from '@evenkeel/core/persistence'
import { fakeTabs, manualClock, seededRandom } from '@evenkeel/core/testing'
import { describe, expect, it } from 'vitest'
import {
  consecutiveFailures,
  exportCircuits,
  restoreCircuits,
  sharedCircuits,
} from '../src/index.ts'
import { failure, world } from './world.ts'

const options = { trip: consecutiveFailures({ threshold: 1 }) } as const

/** Some tabs of one browser, each with a breaker. */
function browser() {
  const clock = manualClock()
  const tabs = fakeTabs()
  const store = memoryStore()
  let seed = 0
  function open(isAlone = false) {
    const tab = tabs.open()
    const made = world({ ...options, clock })
    const shared = shareState([sharedCircuits(made.breaker)], {
      store,
      clock,
      random: seededRandom(++seed),
      channel: isAlone ? false : tab.channel,
      locks: tab.locks,
    })
    return { ...made, shared, clock, settle: () => clock.advance(0) }
  }
  return { clock, open, settle: () => clock.advance(0) }
}

describe('sharedCircuits', () => {
  it('opens a circuit in all tabs, for as long', async () => {
    const { open, settle, clock } = browser()
    const [one, two] = [open(), open()]
    await one.fail()
    await settle()
    expect(two.breaker.state('default')).toBe('open')
    await clock.advance(4990)
    expect(two.breaker.state('default')).toBe('open')
    await clock.advance(20)
    expect(two.breaker.state('default')).toBe('half-open')
  })

  it('sends one probe for all tabs, and closes the circuit in all when it succeeds', async () => {
    const { open, settle, clock } = browser()
    const opened = [open(), open(), open()]
    await opened[0]?.fail()
    await clock.advance(5010)
    const calls = opened.flatMap(({ start }) => [start(), start()])
    await settle()
    expect(calls.filter(({ isAdmitted }) => isAdmitted)).toHaveLength(1)
    const refused = calls.find(({ isAdmitted }) => !isAdmitted)
    expect(errorCode((await refused?.ending)?.error)).toBe('CIRCUIT_OPEN')
    expect(opened[2]?.events.at(-1)).toMatchObject({ type: 'rejected', state: 'half-open' })
    await calls.find(({ isAdmitted }) => isAdmitted)?.succeed()
    await settle()
    expect(opened.map(({ breaker }) => breaker.state('default'))).toEqual(Array(3).fill('closed'))
  })

  it('opens it again in all when the probe fails, and then lets another tab probe', async () => {
    const { open, settle, clock } = browser()
    const [one, two] = [open(), open()]
    await one.fail()
    await clock.advance(5010)
    const probe = one.start()
    await settle()
    expect(two.breaker.state('default')).toBe('half-open')
    expect((await two.start().ending).error).toBeDefined()
    await probe.fail()
    await settle()
    expect([one, two].map(({ breaker }) => breaker.state('default'))).toEqual(['open', 'open'])
    await clock.advance(10_010)
    const next = two.start()
    await settle()
    expect(next.isAdmitted).toBe(true)
    expect(two.events.filter(({ type }) => type === 'opened')).toEqual([])
  })

  it('asks again who probes when nothing has been heard of the probe', async () => {
    const { open, settle, clock } = browser()
    const [one, two] = [open(), open()]
    await one.fail()
    await clock.advance(5010)
    const probe = one.start()
    await settle()
    await two.start().ending
    // Says nothing of the server, so that nothing changes.
    await probe.fail(failure({ throttled: true }))
    await clock.advance(250)
    const next = two.start()
    await settle()
    expect(next.isAdmitted).toBe(true)
  })

  it('lets a call through that waited for an answer while the circuit closed', async () => {
    const { open, settle, clock } = browser()
    const [one, two] = [open(), open()]
    await one.fail()
    await clock.advance(5010)
    const probe = one.start()
    await settle()
    const waiting = two.start()
    await probe.succeed()
    await settle()
    await clock.advance(5000)
    expect(two.breaker.state('default')).toBe('closed')
    expect(waiting.isAdmitted).toBe(false)
    expect(errorCode((await waiting.ending).error)).toBe('CIRCUIT_OPEN')
    expect(two.start().isAdmitted).toBe(true)
  })

  it('outlives a reload, but what was isolated does not', async () => {
    const { open } = browser()
    const before = open(true)
    await before.fail(undefined, { key: 'a' })
    before.breaker.isolate('b')
    before.shared.close()
    const after = open(true)
    expect(['a', 'b'].map((key) => after.breaker.state(key))).toEqual(['open', 'closed'])
    after.breaker.reset()
    after.shared.close()
    expect(open(true).breaker.state('a')).toBe('closed')
  })

  it('leaves a breaker as it was before, when sharing ends', async () => {
    const { open, clock } = browser()
    const [one, two] = [open(), open()]
    one.shared.close()
    await one.fail()
    await clock.advance(5010)
    expect(one.start().isAdmitted).toBe(true)
    expect(two.breaker.state('default')).toBe('closed')
  })
})

describe('news of a circuit', () => {
  const saved = (clock: { wallNow(): number }, circuit: object) => ({
    version: 1,
    savedAtMs: clock.wallNow(),
    circuits: [{ key: 'default', openings: 1, ...circuit }],
  })

  it('is nothing when it is older than what is known', async () => {
    const { breaker, fail, clock } = world(options)
    await fail()
    const stale = exportCircuits(breaker)
    await clock.advance(5010)
    restoreCircuits(breaker, saved(clock, { state: 'closed', atMs: clock.wallNow() }))
    expect(breaker.state('default')).toBe('closed')
    restoreCircuits(breaker, stale)
    expect(breaker.state('default')).toBe('closed')
  })

  it('is nothing when it says what is known, so that the probe under way counts', async () => {
    const { breaker, fail, clock, start } = world(options)
    await fail()
    const known = exportCircuits(breaker)
    await clock.advance(5000)
    const probe = start()
    restoreCircuits(breaker, known)
    await probe.succeed()
    expect(breaker.state('default')).toBe('closed')
  })

  it('of an opening that is over is nothing to who has had answers since', async () => {
    const { breaker, succeed, clock } = world(options)
    await succeed()
    restoreCircuits(breaker, saved(clock, { state: 'open', atMs: clock.wallNow() - 100 }))
    expect(breaker.state('default')).toBe('closed')
    restoreCircuits(breaker, saved(clock, { state: 'open', atMs: clock.wallNow() + 100 }))
    expect(breaker.state('default')).toBe('open')
  })

  it('does not undo what was isolated by hand', () => {
    const { breaker, clock } = world(options)
    breaker.isolate('default')
    restoreCircuits(breaker, saved(clock, { state: 'closed', atMs: clock.wallNow() }))
    expect(breaker.state('default')).toBe('isolated')
  })

  it('holds no longer than it did when it was saved, whatever the clock says', async () => {
    const { breaker, clock } = world(options)
    const news = saved(clock, { state: 'open', atMs: clock.wallNow() + 5000 })
    clock.setWall(clock.wallNow() - 1e12)
    restoreCircuits(breaker, news)
    await clock.advance(4999)
    expect(breaker.state('default')).toBe('open')
    await clock.advance(1)
    expect(breaker.state('default')).toBe('half-open')
  })

  it('says whether it was any', () => {
    const { breaker, clock } = world()
    expect([undefined, {}, saved(clock, {})].map((news) => restoreCircuits(breaker, news))).toEqual(
      [false, false, true],
    )
  })
})
