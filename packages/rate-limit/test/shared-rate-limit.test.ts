import { memoryStore, type PagePhase, shareState } from '@evenkeel/core/persistence'
import { fakeTabs, manualClock, seededRandom } from '@evenkeel/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { learnedBuckets, type RateLimitOptions, rateLimit, sharedRateLimit } from '../src/index.ts'
import { world } from './world.ts'

/** Some tabs of one browser, each with a rate limit. */
function browser(options: Omit<RateLimitOptions, 'clock'> = {}) {
  const clock = manualClock()
  const tabs = fakeTabs()
  const store = memoryStore()
  let seed = 0
  function open() {
    const { channel, locks } = tabs.open()
    const made = world({ clock, ...options })
    let tell: (phase: PagePhase) => void = () => {}
    const shared = shareState([sharedRateLimit(made.limit)], {
      store,
      clock,
      random: seededRandom(++seed),
      channel,
      locks,
      page(told) {
        tell = told
        return () => {}
      },
    })
    const heldMs = () => made.limit.state(made.key).cooldownMs
    return { ...made, shared, heldMs, clock, tell: (phase: PagePhase) => tell(phase) }
  }
  return { clock, open, store, settle: () => clock.advance(0) }
}

type Tab = ReturnType<ReturnType<typeof browser>['open']>

/** Calls of a tab that may wait; tells when they start. */
const callIn = (tab: Tab, clock: { now(): number }, started: number[]) =>
  tab.call('call', () => {
    started.push(clock.now())
    return 'ok'
  })

describe('a refusal in one tab', () => {
  it('holds all tabs, until the same instant', async () => {
    const { open, settle } = browser({ random: () => 0.5 })
    const [one, two] = [open(), open()]
    await one.refused(10_000)
    await settle()
    expect([one.heldMs(), two.heldMs()]).toEqual([12_500, 12_500])
  })

  it('lets the tabs take turns afterwards, in one ramp', async () => {
    const { open, settle, clock } = browser({ random: () => 0 })
    const tabs = Array.from({ length: 6 }, open)
    await settle()
    await tabs[3]?.refused(10_000)
    await settle()
    const started: number[] = []
    for (const tab of tabs) void callIn(tab, clock, started)
    await clock.advance(9_999)
    expect(started).toEqual([])
    await clock.advance(5000)
    expect(started.map((atMs) => Math.round(atMs))).toEqual(
      [1, 2, 3, 4, 5, 6].map((place) => 10_000 + Math.round(500 * Math.log2(place))),
    )
  })

  it('is released as fast by six tabs as by one', async () => {
    const { open, settle, clock } = browser({ random: () => 0 })
    const tabs = Array.from({ length: 6 }, open)
    await settle()
    await tabs[0]?.refused(10_000)
    await settle()
    const started: number[] = []
    for (const tab of tabs) for (let each = 0; each < 10; each++) void callIn(tab, clock, started)
    await clock.advance(12_500)
    // Five tenths of the ramp.
    expect(started.length).toBeGreaterThanOrEqual(31)
    expect(started.length).toBeLessThanOrEqual(33)
  })

  it('is nothing new when it is heard again, or when it is shorter', async () => {
    const { open, settle, clock } = browser({ random: () => 0 })
    const [one, two] = [open(), open()]
    await one.refused(10_000)
    await settle()
    await clock.advance(2000)
    open()
    await settle()
    expect([one.heldMs(), two.heldMs()]).toEqual([8000, 8000])
  })

  it('makes the next hold longer in every tab', async () => {
    const { open, settle, clock } = browser({ random: () => 0 })
    const [one, two] = [open(), open()]
    await one.refused()
    await settle()
    await clock.advance(2000)
    await two.refused()
    expect(two.heldMs()).toBe(2000)
  })

  it('tells of its own key alone', async () => {
    const { open, settle } = browser({ random: () => 0 })
    const [one, two] = [open(), open()]
    one.limit.learn({ key: 'a', route: 'a' }, { refused: true, retryAfterMs: 9000 })
    await settle()
    two.limit.learn({ key: 'b', route: 'b' }, { refused: true, retryAfterMs: 9000 })
    two.limit.learn({ key: 'a', route: 'a' }, { remaining: 0, resetAfterMs: 5000 })
    await settle()
    expect(['a', 'b'].map((key) => one.limit.state(key).cooldownMs)).toEqual([9000, 9000])
  })

  it('is told only if it holds something', async () => {
    const { open, store, clock } = browser({ limits: [learnedBuckets()] })
    const { limit } = open()
    limit.learn({ key: 'a', route: 'a' }, { remaining: 0 })
    await clock.advance(1000)
    expect(store.get('evenkeel state evenkeel')).toBeUndefined()
  })

  it('leaves no trace in the others when sharing has ended', async () => {
    const { open, settle } = browser()
    const [one, two] = [open(), open()]
    one.shared.close()
    await one.refused(10_000)
    await settle()
    expect(two.heldMs()).toBe(0)
  })
})

describe('a reload', () => {
  it('keeps a cooldown, and its ramp', async () => {
    const { open, clock } = browser({ random: () => 0 })
    const before = open()
    await before.refused(10_000)
    before.shared.close()
    await clock.advance(4000)
    const after = open()
    expect(after.heldMs()).toBe(6000)
    const started: number[] = []
    for (let each = 0; each < 3; each++) void callIn(after, clock, started)
    await clock.advance(20_000)
    expect(started.map((atMs) => Math.round(atMs))).toEqual([10_000, 10_500, 10_792])
  })

  it('keeps nothing of what has long been over', async () => {
    const { open, clock } = browser({ random: () => 0 })
    const before = open()
    await before.refused()
    before.shared.close()
    await clock.advance(62_000)
    const after = open()
    await after.refused()
    expect(after.heldMs()).toBe(1000)
  })

  it('is not held for longer when the clock was set back', async () => {
    const { open, clock } = browser({ random: () => 0 })
    const before = open()
    await before.refused(10_000)
    before.shared.close()
    clock.setWall(clock.wallNow() - 1e12)
    expect(open().heldMs()).toBe(10_000)
  })

  it('keeps what is left of a bucket', async () => {
    const { open, clock } = browser({ random: () => 0, limits: [learnedBuckets({ slackMs: 0 })] })
    const spend = (tab: Tab, remaining: number, route = 'POST /a#1') =>
      tab.call(
        'call',
        (context) => {
          tab.limit.learn(context, { bucket: 'abc', limit: 5, remaining, resetAfterMs: 8000 })
          return 'ok'
        },
        { route },
      )
    const before = open()
    await spend(before, 1)
    before.shared.close()
    await clock.advance(1000)
    const after = open()
    expect(after.limit.state('api').buckets).toEqual([
      { bucket: 'abc', limit: 5, remaining: 1, inFlight: 0, resetAfterMs: 7000 },
    ])
    await spend(after, 0, 'POST /b#1')
    const started: number[] = []
    void after.call('next', () => started.push(clock.now()), { route: 'POST /a#1' })
    await clock.advance(7999)
    expect(started).toEqual([])
    await clock.advance(1)
    expect(started).toEqual([9000])
  })

  it('keeps the hold of a route', async () => {
    const { open, clock, settle } = browser({ random: () => 0, limits: [learnedBuckets()] })
    const [before, beside] = [open(), open()]
    const route = 'PATCH /channels/:id#1'
    await before
      .call(
        'renamed',
        (context) => {
          before.limit.learn(context, { refused: true, scope: 'shared', retryAfterMs: 9000 })
          throw new Error('429')
        },
        { route },
      )
      .catch(() => {})
    await settle()
    before.shared.close()
    for (const tab of [beside, open()]) {
      const started: string[] = []
      void tab.call('held', () => started.push('held'), { route })
      await tab.call('free', () => started.push('free'), { route: 'other' })
      expect(started).toEqual(['free'])
    }
    await clock.runAll()
  })
})

describe('what is saved', () => {
  const load = (saved: unknown) => {
    const clock = manualClock()
    const limit = rateLimit({ clock, limits: [learnedBuckets()] })
    const makesSense = sharedRateLimit(limit).load(saved)
    return { makesSense, limit, clock }
  }
  const savedAtMs = manualClock().wallNow()

  it.each([
    ['nothing', undefined],
    ['a later version', { version: 2, savedAtMs, keys: [] }],
    ['no time', { version: 1, keys: [] }],
    ['no keys', { version: 1, savedAtMs, keys: 'all' }],
  ])('is not believed when it is %s', (_, saved) => {
    expect(load(saved).makesSense).toBe(false)
  })

  it('holds for a day at most, and with no absurd ramp', async () => {
    const cooldown = { untilMs: savedAtMs + 1e15, rampMs: 1e15, refusals: 1e15 }
    const { limit } = load({ version: 1, savedAtMs, keys: [{ key: '__proto__', cooldown }] })
    expect(limit.state('__proto__').cooldownMs).toBe(86_400_000)
    expect(limit.gates.get('__proto__').cooldown).toMatchObject({ rampMs: 30_000, refusals: 64 })
    expect(limit.state('other').cooldownMs).toBe(0)
  })

  it('throws nothing, and holds nobody for longer than a day, whatever it is', async () => {
    const instant = fc.oneof(
      fc.integer({ min: savedAtMs - 1e5, max: savedAtMs + 1e5 }),
      fc.double(),
      fc.anything(),
    )
    const part = (of: Record<string, fc.Arbitrary<unknown>>) =>
      fc.oneof(fc.record(of, { requiredKeys: [] }), fc.anything())
    const lane = part({
      route: fc.oneof(fc.constant('a#1'), fc.anything()),
      bucket: fc.oneof(fc.constantFrom('x', undefined), fc.anything()),
      limit: fc.oneof(fc.nat(10), fc.anything()),
      left: fc.oneof(fc.integer({ min: -5, max: 5 }), fc.anything()),
      resetAtMs: instant,
      heldUntilMs: instant,
    })
    const key = part({
      key: fc.oneof(fc.constant('api'), fc.anything()),
      cooldown: part({ untilMs: instant, rampMs: instant, refusals: fc.anything() }),
      lanes: fc.oneof(fc.array(lane), fc.anything()),
      streak: part({ failures: fc.anything(), notBeforeMs: instant }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(key), instant, async (keys, at) => {
        const { limit, clock } = load({ version: 1, savedAtMs: at, keys })
        await clock.advance(86_500_000)
        expect(limit.state('api').cooldownMs).toBe(0)
        const gate = limit.gates.get('api')
        const call = { route: 'a#1', priority: 'important' } as const
        for (const each of gate.limits)
          expect(each.startAtMs(call, clock.now(), 0)).toBeLessThanOrEqual(clock.now())
      }),
      { numRuns: 300 },
    )
  })
})
