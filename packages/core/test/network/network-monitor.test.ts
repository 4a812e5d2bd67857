import { afterEach, describe, expect, it } from 'vitest'
import { networkMonitor, noAdaptation } from '../../src/network/index.ts'
import { world } from './world.ts'

describe('the state', () => {
  it('is unknown until something comes in', () => {
    const { monitor, answers, events } = world()
    expect(monitor.facts).toEqual({
      state: 'unknown',
      quality: 'good',
      rttMs: undefined,
      downlinkKbps: undefined,
      savesData: false,
    })
    answers(50)
    expect(monitor.facts.state).toBe('online')
    expect(events).toMatchObject([
      { type: 'networkChanged', before: { state: 'unknown' }, facts: { state: 'online' } },
    ])
  })

  it('is offline from the start where the platform says so', () => {
    const { monitor } = world({ signals: { isOnline: () => false, listen: () => () => {} } })
    expect(monitor.facts.state).toBe('offline')
  })

  it('follows the platform, and evidence against it', () => {
    const { monitor, goes, answers, events } = world()
    goes('offline')
    answers(50)
    monitor.observe({ outcome: 'unreachable', key: 'api' })
    goes('online')
    answers(50)
    expect(events.map(({ facts }) => facts.state)).toEqual([
      'offline',
      'online',
      'offline',
      'unknown',
      'online',
    ])
  })

  it('notices a platform that changes its mind without telling, before evidence and on a look', () => {
    const { monitor, platform, answers } = world()
    answers(50)
    platform.isOnline = false
    expect(monitor.facts.state).toBe('offline')
    platform.isOnline = true
    expect(monitor.facts.state).toBe('unknown')
    platform.isOnline = false
    answers(50)
    expect(monitor.facts.state).toBe('online')
  })

  it('is offline when two servers in a row can’t be reached; a timeout says nothing', () => {
    const { monitor } = world()
    monitor.observe({ outcome: 'answered' })
    monitor.observe({ outcome: 'timedOut', key: 'a', elapsedMs: 2000 })
    expect(monitor.facts.state).toBe('online')
    monitor.observe({ outcome: 'unreachable', key: 'a' })
    expect(monitor.facts.state).toBe('unknown')
    monitor.observe({ outcome: 'unreachable', key: 'b' })
    expect(monitor.facts.state).toBe('offline')
  })
})

describe('what is observed', () => {
  it('is refused where it is none, and spoils nothing where a number is', () => {
    const { monitor } = world()
    expect(() => monitor.observe({ outcome: 'failed' as never })).toThrow(
      'networkMonitor: outcome must be answered, unreachable or timedOut, got failed',
    )
    for (let i = 0; i < 3; i++) monitor.observe({ outcome: 'answered', rttMs: Number.NaN })
    expect(monitor.facts).toMatchObject({ state: 'online', rttMs: undefined })
    expect(monitor.adaptation.timeoutFactor).toBe(1)
  })
})

describe('the quality', () => {
  it('needs three round trips, and is theirs of the fastest quarter', () => {
    const { monitor, answers } = world()
    answers(400, 400)
    expect(monitor.facts).toMatchObject({ rttMs: undefined, quality: 'good' })
    answers(300)
    expect(monitor.facts).toMatchObject({ rttMs: 300, quality: 'fair' })
    answers(9000, 9000, 9000, 9000)
    expect(monitor.facts.rttMs).toBe(400)
    answers(100, 100, 100)
    expect(monitor.facts).toMatchObject({ rttMs: 100, quality: 'good' })
  })

  it('is also that of the line: the median of what bodies came with', () => {
    const { monitor } = world()
    for (const downlinkKbps of [5, 60, 20_000])
      monitor.observe({ outcome: 'answered', downlinkKbps })
    expect(monitor.facts).toMatchObject({ downlinkKbps: 60, quality: 'poor' })
  })

  it('learns from the times of the platform, but from no cached answer', () => {
    const { monitor, times } = world()
    times({ transferSize: 0 })
    expect(monitor.facts.state).toBe('unknown')
    for (let each = 0; each < 3; each++)
      times({ responseStart: 301, responseEnd: 701, encodedBodySize: 40_000 })
    expect(monitor.facts).toMatchObject({
      state: 'online',
      rttMs: 300,
      downlinkKbps: 800,
      quality: 'fair',
    })
  })

  it('forgets what is five minutes old', async () => {
    const { monitor, answers, clock } = world()
    answers(300, 300, 300)
    await clock.advance(299_999)
    expect(monitor.facts.rttMs).toBe(300)
    await clock.advance(1001)
    expect(monitor.facts).toMatchObject({ rttMs: undefined, quality: 'good' })
  })

  it('goes by the Network Information API until it knows more', () => {
    const { monitor, connects, answers } = world()
    connects({ rtt: 350, downlink: 0.4 })
    expect(monitor.facts).toMatchObject({ rttMs: 350, downlinkKbps: 400, quality: 'fair' })
    answers(20, 20, 20)
    expect(monitor.facts).toMatchObject({ rttMs: 20, downlinkKbps: 400, quality: 'fair' })
  })

  it.each([
    ['slow-2g', 2000, 50, 'poor'],
    ['2g', 1400, 70, 'poor'],
    ['3g', 270, 700, 'fair'],
    ['4g', undefined, undefined, 'good'],
  ])('takes a %s for what it is at best', (effectiveType, rttMs, downlinkKbps, quality) => {
    const { monitor, connects } = world()
    connects({ effectiveType })
    expect(monitor.facts).toMatchObject({ rttMs, downlinkKbps, quality })
  })

  it('takes whole attempts for round trips where nothing better is known, a timeout for its least', () => {
    const { monitor, answers } = world()
    monitor.observe({ outcome: 'answered', elapsedMs: 1500 })
    monitor.observe({ outcome: 'timedOut', elapsedMs: 2000 })
    monitor.observe({ outcome: 'unreachable', elapsedMs: 3 })
    expect(monitor.facts.rttMs).toBe(undefined)
    monitor.observe({ outcome: 'answered', elapsedMs: 1600 })
    expect(monitor.facts).toMatchObject({ rttMs: 1500, quality: 'poor' })
    answers(30, 30, 30)
    expect(monitor.facts).toMatchObject({ rttMs: 30, quality: 'good' })
  })

  it('is told when it changes, with what that asks for, and not when only numbers move', () => {
    const { answers, events, connects } = world()
    answers(300, 300, 300, 310, 320)
    expect(events.map(({ facts }) => facts.quality)).toEqual(['good', 'fair'])
    expect(events.at(-1)).toMatchObject({
      before: { quality: 'good' },
      adaptation: { batchWindowFactor: 2 },
    })
    connects({ saveData: true })
    expect(events.at(-1)).toMatchObject({
      facts: { savesData: true },
      adaptation: { defersDeferred: true },
    })
    expect(events).toHaveLength(3)
  })
})

describe('another network', () => {
  it('is learned anew, after a time offline and when the technology changes', () => {
    const { monitor, answers, goes, connects } = world()
    answers(1500, 1500, 1500)
    expect(monitor.facts.quality).toBe('poor')
    goes('offline')
    expect(monitor.facts.quality).toBe('poor')
    goes('online')
    expect(monitor.facts).toMatchObject({ state: 'unknown', quality: 'good', rttMs: undefined })
    connects({ type: 'cellular' })
    answers(1500, 1500, 1500)
    connects({ rtt: 100 })
    expect(monitor.facts.quality).toBe('poor')
    connects({ type: 'wifi' })
    expect(monitor.facts).toMatchObject({ state: 'online', quality: 'good', rttMs: 100 })
  })
})

describe('networkMonitor', () => {
  it('measures the same thing once while nothing new is known', () => {
    const { monitor, answers } = world()
    const { facts } = monitor
    expect(monitor.facts).toBe(facts)
    answers(10)
    expect(monitor.facts).not.toBe(facts)
  })

  it('changes nothing when it does not adapt', () => {
    const { monitor, answers } = world({ adapts: false })
    answers(1500, 1500, 1500)
    expect(monitor.facts.quality).toBe('poor')
    expect(monitor.adaptation).toEqual(noAdaptation)
  })

  it('tells no listener that has let go, and leaves none of its own when it is closed', () => {
    const { monitor, answers, events, listeners } = world()
    expect(listeners).toBe(3)
    const heard: unknown[] = []
    const release = monitor.listen((event) => heard.push(event))
    release()
    answers(10)
    expect([heard.length, events.length]).toEqual([0, 1])
    const closed = world()
    closed.monitor[Symbol.dispose]()
    expect(closed.listeners).toBe(0)
    closed.answers(10)
    expect(closed.events).toEqual([])
  })

  it('observes by itself only what it is told to', () => {
    const { monitor, listeners } = world({ timings: false, connection: {} })
    expect(listeners).toBe(1)
    monitor.close()
  })

  const { navigator } = globalThis
  afterEach(() =>
    Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true }),
  )

  it('takes the connection of the platform, where there is one', () => {
    const platform = (value: unknown) =>
      Object.defineProperty(globalThis, 'navigator', { value, configurable: true })
    platform({ onLine: true, connection: { effectiveType: '3g', saveData: true } })
    const monitor = networkMonitor()
    expect(monitor.facts).toMatchObject({ state: 'unknown', quality: 'fair', savesData: true })
    monitor.close()
    platform(undefined)
    const bare = networkMonitor()
    expect(bare.facts).toMatchObject({ quality: 'good', savesData: false })
    bare.close()
  })
})

it('refuses an option that is none', () => {
  expect(() => networkMonitor({ adapt: false } as never)).toThrow(
    new RangeError('networkMonitor: there is no option adapt'),
  )
})
