import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { consecutiveFailures, exportCircuits, restoreCircuits } from '../src/index.ts'
import { world } from './world.ts'

const options = {
  trip: consecutiveFailures({ threshold: 1 }),
  maxProbes: 1,
  rampMs: 5000,
} as const
const copy = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

/** The same app after a reload: another breaker, whose clock starts at another instant of the same day. */
async function reloaded(from: ReturnType<typeof world>, afterMs = 0, chance = 0.5) {
  const saved = copy(exportCircuits(from.breaker))
  const made = world(options, chance)
  await made.clock.advance(123_456)
  made.clock.setWall(from.clock.wallNow() + afterMs)
  restoreCircuits(made.breaker, saved)
  return made
}

describe('exportCircuits and restoreCircuits', () => {
  it('keeps nothing of circuits that are simply closed', async () => {
    const { succeed, breaker } = world()
    await succeed()
    expect(exportCircuits(breaker).circuits).toEqual([])
  })

  it('keeps an open circuit open for the rest of its time', async () => {
    const before = world(options)
    await before.fail()
    await before.clock.advance(2000)
    const { breaker, clock, start } = await reloaded(before, 1000)
    expect(breaker.state('default')).toBe('open')
    await clock.advance(1999)
    expect(start().isAdmitted).toBe(false)
    await clock.advance(1)
    expect(start().isAdmitted).toBe(true)
  })

  it('goes on doubling', async () => {
    const before = world(options)
    await before.fail()
    const { fail, clock, events } = await reloaded(before)
    await clock.advance(5000)
    await fail()
    expect(events.at(-1)).toMatchObject({ type: 'opened', openMs: 10_000 })
  })

  it('sends a probe of its own when one was under way', async () => {
    const before = world(options)
    await before.fail()
    await before.clock.advance(5000)
    before.start()
    const { start } = await reloaded(before)
    expect(start().isAdmitted).toBe(true)
    expect(start().isAdmitted).toBe(false)
  })

  it('goes on with the ramp', async () => {
    const before = world(options)
    await before.fail()
    await before.clock.advance(5000)
    await before.succeed()
    await before.clock.advance(1000)
    const { start, clock } = await reloaded(before, 0, 0.5)
    await clock.advance(1222)
    expect(start().isAdmitted).toBe(false)
    await clock.advance(1)
    expect(start().isAdmitted).toBe(true)
  })

  it('keeps what was isolated, however long ago', async () => {
    const before = world(options)
    before.breaker.isolate('a')
    const { breaker } = await reloaded(before, 1e12)
    expect(breaker.state('a')).toBe('isolated')
    expect(breaker.state('b')).toBe('closed')
  })

  it('replaces what a circuit was, as news from another tab should', async () => {
    const [one, two] = [world(options), world(options)]
    const during = two.start()
    await one.fail()
    restoreCircuits(two.breaker, exportCircuits(one.breaker))
    expect(two.breaker.state('default')).toBe('open')
    await during.succeed()
    expect(two.breaker.state('default')).toBe('open')
  })

  it('takes an opening that ended long ago for none', async () => {
    const before = world(options)
    await before.fail()
    expect((await reloaded(before, 35_000)).breaker.state('default')).toBe('half-open')
    expect((await reloaded(before, 35_001)).breaker.state('default')).toBe('closed')
  })

  it('is not held out for years by a wall clock that was set back', async () => {
    const before = world(options)
    await before.fail()
    const { clock, start } = await reloaded(before, -1e12)
    await clock.advance(86_400_000)
    expect(start().isAdmitted).toBe(true)
  })

  it('does not ramp from the future', async () => {
    const before = world(options)
    await before.fail()
    await before.clock.advance(5000)
    await before.succeed()
    const { clock, start } = await reloaded(before, -1e12, 0.999)
    await clock.advance(5000)
    expect(start().isAdmitted).toBe(true)
  })

  const now = world().clock.wallNow()
  it.each([
    ['undefined', undefined],
    ['null', null],
    ['a string', 'open'],
    ['an array', []],
    [
      'a later version',
      { version: 2, circuits: [{ key: 'a', state: 'open', openings: 1, atMs: now + 1000 }] },
    ],
    ['no circuits', { version: 1 }],
    ['circuits that are none', { version: 1, circuits: 'abc' }],
    ['an empty circuit', { version: 1, circuits: [null, undefined, 7, {}, []] }],
    [
      'a key that is none',
      { version: 1, circuits: [{ key: 7, state: 'open', openings: 1, atMs: now }] },
    ],
    [
      'an unknown state',
      { version: 1, circuits: [{ key: 'a', state: 'ajar', openings: 1, atMs: now }] },
    ],
    ['no state', { version: 1, circuits: [{ key: 'a', openings: 1, atMs: now }] }],
    [
      'no instant',
      { version: 1, circuits: [{ key: 'a', state: 'open', openings: 1, atMs: null }] },
    ],
    [
      'openings that are none',
      { version: 1, circuits: [{ key: 'a', state: 'open', openings: '1', atMs: now }] },
    ],
  ])('ignores %s', (_, snapshot) => {
    const { breaker } = world(options)
    restoreCircuits(breaker, snapshot)
    expect(exportCircuits(breaker).circuits).toEqual([])
  })

  it('takes what is sound from beside what is not', () => {
    const { breaker } = world(options)
    const sound = { key: 'a', state: 'open', openings: 1, atMs: now + 1000 }
    restoreCircuits(breaker, { version: 1, circuits: [null, sound, { ...sound, key: null }] })
    expect(exportCircuits(breaker).circuits).toEqual([sound])
  })

  it('never throws, and never leaves a breaker that refuses for more than a day', async () => {
    const circuit = fc.record(
      {
        key: fc.oneof(fc.constantFrom('a', '__proto__'), fc.anything()),
        state: fc.oneof(fc.constantFrom('open', 'closed', 'half-open'), fc.anything()),
        openings: fc.oneof(fc.nat(2000), fc.double(), fc.anything()),
        atMs: fc.oneof(fc.integer({ min: now - 1e5, max: now + 1e5 }), fc.double(), fc.anything()),
      },
      { requiredKeys: [] },
    )
    await fc.assert(
      fc.asyncProperty(
        fc
          .array(fc.oneof(circuit, fc.anything()))
          .filter((all) => !JSON.stringify(all)?.includes('isolated')),
        async (circuits) => {
          const { breaker, clock, succeed } = world(options)
          restoreCircuits(breaker, { version: 1, circuits })
          await clock.advance(86_400_000)
          for (const { key } of exportCircuits(breaker).circuits)
            expect(await succeed({ key })).toEqual({ value: 'ok' })
        },
      ),
      { numRuns: 300 },
    )
  })
})
