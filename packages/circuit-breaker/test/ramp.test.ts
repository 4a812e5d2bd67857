import type { Priority } from '@evenkeel/core'
import { retryAfterMs } from '@evenkeel/core'
import { seededRandom } from '@evenkeel/core/testing'
import { describe, expect, it } from 'vitest'
import { consecutiveFailures } from '../src/index.ts'
import { world } from './world.ts'

const trip = consecutiveFailures({ threshold: 1 })

/** A circuit that closed just now. */
async function closed(chance: () => number, rampMs = 5000, priority: Priority = 'important') {
  const made = world({ trip, rampMs, random: chance })
  await made.fail(undefined, { priority })
  await made.clock.advance(10_000)
  await made.succeed({ priority })
  made.events.length = 0
  return made
}

/** The part of 2000 calls that is admitted, at a time after close. */
async function admitted(afterMs: number, priority: Priority): Promise<number> {
  const { start, clock } = await closed(seededRandom(7), 5000, priority)
  await clock.advance(afterMs)
  const calls = Array.from({ length: 2000 }, () => start({ priority }))
  return Math.round((calls.filter(({ isAdmitted }) => isAdmitted).length / 2000) * 10) / 10
}

describe('the recovery ramp', () => {
  it.each([
    [0, 0.1],
    [1250, 0.3],
    [2500, 0.5],
    [3750, 0.8],
    [4999, 1],
    [5000, 1],
  ])('%d ms after close admits a share of %d', async (afterMs, share) => {
    expect(await admitted(afterMs, 'important')).toBe(share)
  })

  it.each([
    ['critical', 0, 0.2],
    ['critical', 2300, 1],
    ['deferred', 2200, 0],
    ['deferred', 4000, 0.6],
    ['deferred', 5000, 1],
  ] as const)(
    'admits of %s calls, after %d ms, a share of %d',
    async (priority, afterMs, share) => {
      expect(await admitted(afterMs, priority)).toBe(share)
    },
  )

  it('tells a refused call when it would have been admitted', async () => {
    const { start, clock, events } = await closed(() => 0.5)
    await clock.advance(1000)
    const { error } = await start().ending
    // A share of a half is reached 4/9 into the ramp.
    expect(retryAfterMs(error)).toBe(1223)
    expect(events).toMatchObject([{ type: 'rejected', state: 'closed', retryAfterMs: 1223 }])
    await clock.advance(1222)
    expect(start().isAdmitted).toBe(false)
    await clock.advance(1)
    expect(start().isAdmitted).toBe(true)
  })

  it('spreads over the ramp those it refuses', async () => {
    const { start } = await closed(seededRandom(3))
    const calls = Array.from({ length: 1000 }, () => start())
    const waits = await Promise.all(
      calls
        .filter(({ isAdmitted }) => !isAdmitted)
        .map(async ({ ending }) => retryAfterMs((await ending).error) ?? 0),
    )
    const perSecond = [0, 1, 2, 3, 4].map(
      (second) => waits.filter((wait) => Math.floor(wait / 1000) === second).length,
    )
    for (const count of perSecond) expect(Math.abs(count - waits.length / 5)).toBeLessThan(50)
  })

  it('takes two seconds unless it is told otherwise', async () => {
    const { start, fail, succeed, clock } = world({ trip }, 0.999)
    await fail()
    await clock.advance(10_000)
    await succeed()
    await clock.advance(1900)
    expect(start().isAdmitted).toBe(false)
    await clock.advance(100)
    expect(start().isAdmitted).toBe(true)
  })

  it('is off when rampMs is 0', async () => {
    const { start } = await closed(() => 0.999, 0)
    expect(start().isAdmitted).toBe(true)
  })

  it('goes on to its end when it is longer than the longest opening', async () => {
    const { start, clock } = await closed(() => 0.999, 100_000)
    await clock.advance(70_000)
    expect(start().isAdmitted).toBe(false)
    await clock.advance(30_000)
    expect(start().isAdmitted).toBe(true)
  })

  it('needs no chance before the first opening', async () => {
    const { start } = world({
      random: () => {
        throw new Error('asked for chance')
      },
    })
    expect(start().isAdmitted).toBe(true)
  })

  it('ends at once when the circuit opens again', async () => {
    const { fail, start, events } = await closed(() => 0)
    await fail()
    expect(start().isAdmitted).toBe(false)
    expect(events).toMatchObject([{ type: 'opened', openMs: 8000 }, { type: 'rejected' }])
  })
})
