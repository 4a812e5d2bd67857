import type { Priority } from '@evenkeel/core'
import { describe, expect, it } from 'vitest'
import { world } from './world.ts'

describe('the queue', () => {
  it('starts the more important first, and those of a kind in the order they came', async () => {
    const { start, crowd, endAll, starts } = world()
    start('first')
    crowd(2, 'deferred')
    crowd(2, 'important')
    crowd(2, 'critical')
    await endAll()
    expect(starts).toEqual([
      'first',
      'critical 0',
      'critical 1',
      'important 0',
      'important 1',
      'deferred 0',
      'deferred 1',
    ])
  })

  it.each<[Priority, Priority[], string | undefined]>([
    ['critical', ['deferred', 'important', 'deferred'], 'deferred 2'],
    ['critical', ['important', 'critical', 'important'], 'important 2'],
    ['critical', ['critical', 'critical', 'critical'], undefined],
    ['important', ['deferred', 'deferred', 'critical'], 'deferred 1'],
    ['important', ['important', 'critical', 'important'], undefined],
    ['deferred', ['deferred', 'deferred', 'deferred'], undefined],
  ])(
    'that is full makes room for a %s call in %j by shedding %s',
    async (priority, queue, loser) => {
      const { start, told, state } = world({ maxQueued: 3 })
      start('first')
      const waiting = queue.map((kind, each) =>
        start(`${kind} ${each}`, { priority: kind, tag: each }),
      )
      const newcomer = start('newcomer', { priority, tag: 'newcomer' })
      expect(state().queued).toBe(3)
      const shed = told('shed')
      expect(shed).toMatchObject([
        { code: 'BULKHEAD_FULL', tag: loser ? Number(loser.at(-1)) : 'newcomer' },
      ])
      const refused = loser ? waiting[Number(loser.at(-1))] : newcomer
      expect((await refused?.ending)?.error).toMatchObject({ code: 'BULKHEAD_FULL' })
    },
  )

  it('holds a thousand calls, and in a page a hundred', () => {
    const queued = (): number => {
      const { crowd, state } = world({ maxQueued: undefined })
      crowd(2000, 'important')
      return state().queued
    }
    expect(queued()).toBe(1000)
    Object.assign(globalThis, { document: {} })
    try {
      expect(queued()).toBe(100)
    } finally {
      Reflect.deleteProperty(globalThis, 'document')
    }
  })
})

describe('aging', () => {
  it('gives every tenth start to whoever waits longest, once that is overdue', async () => {
    const { start, crowd, endOne, starts, clock } = world({ agingMs: 5000, maxWaitMs: 1e6 })
    start('first')
    start('patient', { priority: 'deferred' })
    await clock.advance(4999)
    crowd(40, 'critical')
    for (let each = 0; each < 20; each++) await endOne()
    expect(starts).not.toContain('patient')
    await clock.advance(1)
    for (let each = 0; each < 9; each++) await endOne()
    expect(starts).not.toContain('patient')
    await endOne()
    expect(starts.at(-1)).toBe('patient')
  })

  it('takes the oldest of all kinds, and asks for nothing while that is first anyway', async () => {
    const { start, crowd, endOne, starts, clock } = world({ agingMs: 1000, maxWaitMs: 1e6 })
    start('first')
    start('critical, and oldest', { priority: 'critical' })
    start('important, and older', { priority: 'important' })
    await clock.advance(1)
    start('deferred', { priority: 'deferred' })
    await clock.advance(2000)
    crowd(40, 'critical')
    await endOne()
    for (let each = 0; each < 19; each++) await endOne()
    expect(starts.indexOf('critical, and oldest')).toBe(1)
    expect(starts.indexOf('important, and older')).toBe(11)
    expect(starts.indexOf('deferred')).toBe(-1)
    await endOne()
    expect(starts.indexOf('deferred')).toBe(21)
  })
})

describe('a wait', () => {
  it('lasts no longer than maxWaitMs', async () => {
    const { start, clock } = world({ maxWaitMs: 3000 })
    start('first')
    const waiting = start('second')
    await clock.advance(2999)
    expect(waiting.isStarted).toBe(false)
    await clock.advance(1)
    expect((await waiting.ending).error).toMatchObject({ code: 'BULKHEAD_FULL' })
    expect(clock.pending).toBe(0)
  })

  it('ends at the deadline of the call', async () => {
    const { start, clock } = world()
    start('first')
    const waiting = start('second', { deadlineMs: 500 })
    await clock.advance(499)
    await clock.advance(1)
    expect((await waiting.ending).error).toMatchObject({ code: 'DEADLINE_EXCEEDED' })
  })

  it('does not begin when it is known to end too late', async () => {
    const { start, clock, endOne, told } = world()
    start('first')
    start('second')
    await clock.advance(1000)
    await endOne()
    // A second each: the third's turn comes in one, the fourth's in two.
    const third = start('third', { deadlineMs: 1001 })
    const fourth = start('fourth', { deadlineMs: 2000, tag: 4 })
    expect((await fourth.ending).error).toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      retryAfterMs: 2000,
    })
    expect(told('shed')).toMatchObject([{ tag: 4, code: 'DEADLINE_EXCEEDED', retryAfterMs: 2000 }])
    await clock.advance(1000)
    await endOne()
    expect(third.isStarted).toBe(true)
  })

  it('counts only those that go first', async () => {
    const { start, crowd, clock, endOne, told } = world({ maxQueued: 50 })
    start('first')
    crowd(20, 'deferred')
    crowd(10, 'important')
    await clock.advance(1000)
    await endOne()
    start('critical', { priority: 'critical' })
    start('important', { priority: 'important' })
    start('deferred', { priority: 'deferred' })
    expect(told('queued').slice(-3)).toMatchObject([
      { priority: 'critical', waitMs: 1000 },
      { priority: 'important', waitMs: 11_000 },
      { priority: 'deferred', waitMs: 32_000 },
    ])
  })

  it('is estimated anew when the server stalls', async () => {
    const { start, clock, endOne, told } = world()
    start('first')
    start('second')
    await clock.advance(1000)
    await endOne()
    start('third')
    expect(told('queued').at(-1)).toMatchObject({ waitMs: 1000 })
    await clock.advance(9000)
    start('fourth')
    expect(told('queued').at(-1)).toMatchObject({ waitMs: 20_000 })
  })

  it('is estimated by a stall also when all who waited have given up', async () => {
    const { start, clock, endOne, told } = world({ maxQueued: 1 })
    start('first')
    start('second')
    await clock.advance(1000)
    await endOne()
    start('impatient', { deadlineMs: 9000 })
    await clock.advance(9000)
    start('third')
    expect(told('queued').at(-1)).toMatchObject({ waitMs: 10_000 })
    await endOne()
    start('fourth')
    expect(told('queued').at(-1)).toMatchObject({ waitMs: 5000 })
  })

  it('is not begun by a call without time', async () => {
    const { start, clock } = world({ maxWaitMs: 0 })
    const one = start('one')
    expect((await start('two').ending).error).toMatchObject({ code: 'BULKHEAD_FULL' })
    expect(clock.pending).toBe(0)
    await one.succeed()
  })

  it('that a busy process let run over ends in a refusal all the same', async () => {
    const { clock: real } = world()
    let skippedMs = 0
    const clock = { ...real, now: () => real.now() + skippedMs }
    const { start, endOne, state } = world({ clock, maxWaitMs: 1000 })
    start('one')
    const late = start('two')
    await real.advance(500)
    const onTime = start('three')
    skippedMs = 600
    await endOne()
    expect((await late.ending).error).toMatchObject({ code: 'BULKHEAD_FULL', retryAfterMs: 2200 })
    expect(onTime.isStarted).toBe(true)
    expect(state()).toEqual({ inFlight: 1, limit: 1, queued: 0 })
  })
})
