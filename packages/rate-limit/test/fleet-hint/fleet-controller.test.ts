import type { Priority } from '@evenkeel/core'
import { manualClock } from '@evenkeel/core/testing'
import { describe, expect, it } from 'vitest'
import { fleetController, levelFor, publishFleetHint } from '../../src/fleet-hint-server.ts'

const demand = { critical: 30, important: 50, deferred: 20 }

describe('the level for a demand', () => {
  it.each([
    [200, 3],
    [100, 3],
    [90, 2.5],
    [80, 2],
    [55, 1.5],
    [30, 1],
    [15, 0.5],
    [0, 0],
  ])('of 100 a second and a target of %d is %d', (target, level) => {
    expect(levelFor(demand, target)).toBeCloseTo(level, 10)
  })

  it('of nobody admits all', () => {
    expect(levelFor({ critical: 0, important: 0, deferred: 0 }, 0)).toBe(3)
  })
})

describe('the controller', () => {
  function world(options = {}) {
    const clock = manualClock()
    const controller = fleetController({ capacityPerSecond: 100, clock, ...options })
    const second = async (
      counts: Partial<Record<Priority, number>>,
      behind: boolean | number = false,
    ) => {
      for (const [priority, count] of Object.entries(counts))
        for (let i = 0; i < count; i++) controller.count(priority as Priority)
      await clock.advance(1000)
      return controller.hint(behind)
    }
    return { clock, controller, second }
  }

  it('admits all while there is room', async () => {
    const { second } = world()
    expect(await second({ critical: 20, important: 50, deferred: 10 })).toEqual({
      level: 3,
      retryRatio: 1,
      ttlMs: 30_000,
    })
  })

  it('sheds the least important first, and holds retries back meanwhile', async () => {
    const { second } = world({ smoothing: 1 })
    const { level, retryRatio } = await second({ critical: 90, important: 150, deferred: 60 })
    expect(level).toBeCloseTo(1 + 2 / 150, 5)
    expect(retryRatio).toBe(0)
  })

  it('sheds critical calls only when they alone are more than can be served', async () => {
    const { second } = world({ smoothing: 1 })
    expect((await second({ critical: 99, important: 100 })).level).toBe(1)
    expect((await second({ critical: 101 })).level).toBeCloseTo(92 / 101, 5)
  })

  it('sheds them sooner while work piles up', async () => {
    const { second } = world({ smoothing: 1 })
    expect((await second({ critical: 95 }, 20)).level).toBeCloseTo(82 / 95, 5)
    expect((await second({ critical: 70 }, true)).level).toBeLessThan(0.5)
  })

  it('aims lower while work piles up', async () => {
    const { second } = world({ smoothing: 1 })
    expect((await second({ important: 100 }, true)).level).toBeCloseTo(1.35, 5)
  })

  it('aims as much lower as makes go in two seconds what waits, when it is told how much', async () => {
    const { second } = world({ smoothing: 1 })
    expect((await second({ important: 100 }, 0)).level).toBeCloseTo(1.92, 5)
    expect((await second({ important: 92 }, 40)).level).toBeCloseTo(1.72, 5)
    expect((await second({ important: 72 }, 1000)).level).toBeCloseTo(1.35, 5)
  })

  it('follows a service that grows', async () => {
    let capacityPerSecond = 50
    const { second } = world({ smoothing: 1, capacityPerSecond: () => capacityPerSecond })
    expect((await second({ important: 100 })).level).toBeCloseTo(1.46, 5)
    capacityPerSecond = 100
    expect((await second({ important: 46 })).level).toBeCloseTo(1.92, 5)
  })

  it('judges what comes by the level that clients had heard of, when it is told how late they do', async () => {
    const { second } = world({ smoothing: 1, lagMs: 2000 })
    // Nobody has heard of the first level for two seconds.
    for (let each = 0; each < 3; each++)
      expect((await second({ important: 200 })).level).toBeCloseTo(1.46, 5)
    for (let each = 0; each < 3; each++)
      expect((await second({ important: 92 })).level).toBeCloseTo(1.46, 5)
  })

  it('judges it by the levels that requests say, however late they are and however mixed', async () => {
    const { controller, second } = world({ smoothing: 1 })
    const { level } = await second({ important: 200 })
    // Half the clients have heard of it.
    for (let each = 0; each < 100; each++) {
      controller.count('important', 3)
      if (each % 50 < 23) controller.count('important', level)
    }
    expect((await second({})).level).toBeCloseTo(1.46, 5)
    // A third of them, with critical calls to tell by how many they are.
    for (let each = 0; each < 90; each++) controller.count('important', 3)
    for (let each = 0; each < 30; each++) controller.count('critical', each < 20 ? 3 : 1.46)
    for (let each = 0; each < 23; each++) controller.count('important', 1.46)
    const wanted = 113 / (20 / 30 + 0.46 / 3)
    expect((await second({})).level).toBeCloseTo(1 + (92 - 30) / wanted, 5)
  })

  it('of a priority that nobody sends, sees nothing', async () => {
    const { controller, second } = world({ smoothing: 1 })
    expect((await second({ critical: 92, deferred: 50, important: 8 })).level).toBe(1)
    for (let each = 0; each < 60; each++) controller.count('critical', 1)
    // Of the important it still takes 8 to be wanted, of the deferred 50.
    expect((await second({})).level).toBeCloseTo(2 + 24 / 50, 5)
  })

  it('believes no level that is lower than it has lately asked for, or none at all', async () => {
    const sent = async (said: number) => {
      const { controller, second } = world({ smoothing: 1, ttlMs: 1000 })
      await second({ important: 200 })
      for (let each = 0; each < 92; each++) controller.count('important', said)
      return (await second({})).level
    }
    const honest = await sent(1.46)
    expect(honest).toBeCloseTo(1.46, 5)
    for (const said of [0, 0.001, 1.001, -5, NaN, -Infinity]) expect(await sent(said)).toBe(honest)
    for (const said of [3, 4, Infinity]) expect(await sent(said)).toBe(3)
  })

  it('bounds what it remembers, however long it says that clients may believe it', async () => {
    const { controller, clock, second } = world({ smoothing: 1, ttlMs: Infinity })
    expect((await second({ important: 200 })).ttlMs).toBe(600_000)
    await clock.advance(20 * 60_000)
    for (let each = 0; each < 2; each++) await second({ important: 20 })
    for (let each = 0; each < 92; each++) controller.count('important', 1.46)
    // Of the first it knows nothing any more, so that 92 are 92.
    expect((await second({})).level).toBe(3)
  })

  it('forgets what it asked for when nobody can go by it any more', async () => {
    const { controller, second } = world({ smoothing: 1, ttlMs: 1000 })
    await second({ important: 200 })
    for (let each = 0; each < 3; each++) await second({ important: 20 })
    controller.count('important', 1.46)
    for (let each = 0; each < 91; each++) controller.count('important', 1.46)
    expect((await second({})).level).toBe(3)
  })

  it('judges by what would come, not by what it let come', async () => {
    const { second } = world({ smoothing: 1 })
    await second({ important: 200 })
    expect((await second({ important: 92 })).level).toBeCloseTo(1.46, 5)
    expect((await second({ important: 23 })).level).toBe(3)
  })

  it('keeps its level between two periods', async () => {
    const { controller, clock, second } = world({ smoothing: 1 })
    const { level } = await second({ important: 200 })
    await clock.advance(500)
    expect(controller.hint(true).level).toBe(level)
  })

  it.each([
    [{ capacityPerSecond: -1 }, 'fleetController: capacityPerSecond must be a number ≥ 0, got -1'],
    [{ targetRatio: 2 }, 'fleetController: targetRatio must be a number from 0 to 1, got 2'],
    [{ drainRatio: 2 }, 'fleetController: drainRatio must be a number from 0 to 1, got 2'],
    [{ periodMs: 0 }, 'fleetController: periodMs must be a number ≥ 1, got 0'],
    [{ smoothing: 2 }, 'fleetController: smoothing must be a number from 0 to 1, got 2'],
    [{ lagMs: -1 }, 'fleetController: lagMs must be a number ≥ 0, got -1'],
  ])('refuses %o', (options, message) => {
    expect(() => fleetController({ capacityPerSecond: 1, ...options })).toThrow(
      new RangeError(message),
    )
  })
})

describe('the middleware', () => {
  it('counts first tries by priority, and puts the level on every response', async () => {
    const clock = manualClock()
    const controller = fleetController({ capacityPerSecond: 2, smoothing: 1, clock })
    const publish = publishFleetHint(controller, { isBehind: () => false })
    const fields: string[] = []
    let nexts = 0
    const request = (headers: Record<string, string>) =>
      publish({ headers }, { setHeader: (_name, value) => fields.push(value) }, () => nexts++)
    for (let i = 0; i < 4; i++) request({})
    request({ 'x-priority': 'critical' })
    request({ 'x-priority': 'bogus', 'x-attempt': '2' })
    await clock.advance(1000)
    request({ 'x-attempt': '3' })
    // 1 critical and 4 important a second, of which 1.84 may be served.
    expect(fields.at(-1)).toBe('level=1.21, retry=0, ttl=30')
    expect(nexts).toBe(7)
    publish({ headers: {} }, { setHeader() {} })
  })

  it('reads by which level a request was sent', async () => {
    const clock = manualClock()
    const controller = fleetController({ capacityPerSecond: 1, smoothing: 1, clock })
    const publish = publishFleetHint(controller, { isBehind: () => false })
    let field = ''
    const request = (headers: Record<string, string>) =>
      publish({ headers }, { setHeader: (_name, value) => (field = value) })
    for (let i = 0; i < 2; i++) request({})
    await clock.advance(1000)
    request({ 'x-attempt': '2' })
    expect(field).toBe('level=1.46, retry=0, ttl=30')
    for (let i = 0; i < 2; i++) request({ 'fleet-level': '3' })
    await clock.advance(1000)
    request({ 'x-attempt': '2' })
    expect(field).toBe('level=1.46, retry=0, ttl=30')
    request({ 'fleet-level': 'nonsense' })
    await clock.advance(1000)
    request({ 'x-attempt': '2' })
    expect(field).toBe('level=1.423, retry=0, ttl=30')
  })
})
