import { describe, expect, it } from 'vitest'
import { consecutiveFailures } from '../src/index.ts'
import { failure, world } from './world.ts'

const first = { trip: consecutiveFailures({ threshold: 1 }) } as const

/** Fails, and fails every probe; returns how long each opening lasted. */
async function openings({ fail, clock, events }: ReturnType<typeof world>, count: number) {
  for (let each = 0; each < count; each++) {
    await fail()
    await clock.advance(100_000)
  }
  return events.flatMap((event) => (event.type === 'opened' ? [event.openMs] : []))
}

describe('the open time', () => {
  it('doubles with each opening, up to its limit', async () => {
    expect(await openings(world(first), 6)).toEqual([5000, 10_000, 20_000, 30_000, 30_000, 30_000])
  })

  it('stays at its limit however often it opens', async () => {
    const opened = await openings(world({ ...first, maxKeys: 10 }), 1200)
    expect(opened.slice(5)).toEqual(Array(1195).fill(30_000))
  })

  it.each([
    [0, 0.8],
    [0.5, 1],
    [0.9999, 1.2],
  ])('is jittered after its limit: chance %d gives %d of it', async (chance, factor) => {
    const opened = await openings(world(first, chance), 6)
    expect(opened[0]).toBeCloseTo(5000 * factor, 0)
    expect(opened[5]).toBeCloseTo(30_000 * factor, -1)
  })

  it('is as long as the server asks for, when that is longer', async () => {
    const { fail, start, clock } = world(first)
    await fail(failure({ retryAfterMs: 30_000 }))
    await clock.advance(29_999)
    expect(start().isAdmitted).toBe(false)
    await clock.advance(1)
    expect(start().isAdmitted).toBe(true)
  })

  it('is not shortened by what the server asks for', async () => {
    const { fail, start, clock } = world(first)
    await fail(failure({ retryAfterMs: 1 }))
    await clock.advance(4999)
    expect(start().isAdmitted).toBe(false)
  })

  it('remembers what an earlier failure asked for', async () => {
    const { fail, failTimes, clock, events } = world()
    await fail(failure({ retryAfterMs: 60_000 }))
    await clock.advance(1000)
    await failTimes(7)
    expect(events).toMatchObject([{ type: 'opened', openMs: 59_000 }])
  })

  it.each([
    [Infinity, 86_400_000],
    [Number.MAX_VALUE, 86_400_000],
    [NaN, 5000],
    [-Infinity, 5000],
  ])('takes a hint of %d ms for one of %d ms', async (retryAfterMs, openMs) => {
    const { fail, events } = world(first)
    await fail(failure({ retryAfterMs }))
    expect(events).toMatchObject([{ type: 'opened', openMs }])
  })

  it('starts from the beginning once the circuit has stayed closed for as long as it can be open', async () => {
    const { fail, succeed, clock, events } = world({ ...first, rampMs: 0 })
    await fail()
    await clock.advance(5000)
    await succeed()
    await clock.advance(29_999)
    await succeed()
    await fail()
    await clock.advance(10_000)
    await succeed()
    await clock.advance(30_000)
    await succeed()
    await fail()
    expect(events).toMatchObject([
      { type: 'opened', openMs: 5000 },
      { type: 'halfOpened' },
      { type: 'closed' },
      { type: 'opened', openMs: 10_000 },
      { type: 'halfOpened' },
      { type: 'closed' },
      { type: 'opened', openMs: 5000 },
    ])
  })
})
