import { describe, expect, it } from 'vitest'
import { failure, manualClock, world } from './world.ts'

const minuteMs = 60_000

describe('an entry that is too old', () => {
  it('is not sent but reported after 25 minutes, below the shortest known life of a key', async () => {
    const { enqueue, clock, told, sends, store } = world()
    await enqueue('under way')
    await enqueue('a')
    await clock.advance(24 * minuteMs)
    expect(told()).not.toContain('expired a')
    await clock.advance(minuteMs)
    expect(told()).toContain('expired a')
    expect(sends.some(({ entry }) => entry.payload === 'a')).toBe(false)
    expect(await store.read()).toEqual([])
  })

  it('is reported at the moment of its end, whatever else waits', async () => {
    const { enqueue, clock, of, outbox, store } = world({ ttlMs: minuteMs })
    await enqueue('a')
    await enqueue('b', { ttlMs: 10 * minuteMs })
    await enqueue('c')
    await clock.advance(minuteMs - 1)
    expect(of('expired')).toEqual([])
    await clock.advance(1)
    expect(of('expired').map(({ entry }) => entry.payload)).toEqual(['a', 'c'])
    expect((await outbox.entries()).map(({ payload }) => payload)).toEqual(['b'])
    expect(await store.read()).toHaveLength(1)
  })

  it('says whether it may have been applied', async () => {
    const { enqueue, fail, clock, of } = world({ ttlMs: minuteMs })
    await enqueue('tried')
    await enqueue('never tried')
    await fail(failure({ retryAfterMs: 600_000 }))
    await clock.advance(minuteMs)
    expect(
      of('expired').map(({ entry }) => [entry.payload, entry.firstSentAtMs !== undefined]),
    ).toEqual([
      ['tried', true],
      ['never tried', false],
    ])
  })

  it('ends when the server may have forgotten its key, however long it might wait', async () => {
    const { enqueue, clock, sends, of } = world({
      ttlMs: 1e9,
      keyLifeMs: 30 * minuteMs,
      maxAttempts: 1000,
      answer: ({ payload }) => {
        throw failure({ reached: payload === 'tried' ? 'maybe' : 'no' })
      },
    })
    await enqueue('tried')
    await enqueue('never got there', { lane: 'other' })
    await clock.advance(31 * minuteMs)
    expect(of('expired').map(({ entry }) => entry.payload)).toEqual(['tried'])
    const last = sends.filter(({ entry }) => entry.payload === 'tried').at(-1)
    expect(last?.atMs).toBeLessThan(30 * minuteMs)
    await clock.advance(31 * minuteMs)
    expect(of('expired')).toHaveLength(1)
  })

  it('is as old as the wall clock says, if that is set forward', async () => {
    const { enqueue, clock, told } = world()
    await enqueue('under way')
    await enqueue('a')
    clock.setWall(clock.wallNow() + 26 * minuteMs)
    await clock.advance(1)
    await enqueue('b')
    expect(told()).toContain('expired a')
    expect(told()).not.toContain('expired b')
  })

  it('gets no longer life from a wall clock that is set back', async () => {
    const { enqueue, clock, told } = world()
    await enqueue('under way')
    await enqueue('a')
    clock.setWall(clock.wallNow() - 3 * 60 * minuteMs)
    await clock.advance(25 * minuteMs)
    expect(told()).toContain('expired a')
  })

  it('is so over a reload, too', async () => {
    const clock = manualClock()
    const first = world({ clock })
    first.signals.online = false
    await first.enqueue('a')
    await first.outbox.close()
    await clock.advance(25 * minuteMs)
    const second = world({ clock, store: first.store })
    await second.settle()
    expect(second.told()).toEqual(['expired a'])
    expect(second.sends).toEqual([])
  })
})
