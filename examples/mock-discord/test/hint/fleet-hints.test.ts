import { parseFleetHint } from '@evenkeel/rate-limit/fleet-hint'
import { describe, expect, it } from 'vitest'
import type { Priority } from '../../src/backend/job.ts'
import { VirtualScheduler } from '../../src/backend/virtual-scheduler.ts'
import {
  defaultFleetHint,
  type FleetHintPatch,
  readFleetHintPatch,
} from '../../src/hint/fleet-hint-options.ts'
import { FleetHints } from '../../src/hint/fleet-hints.ts'
import { apiRequest } from '../api-request.ts'

function world(patch: FleetHintPatch = { enabled: true }) {
  const scheduler = new VirtualScheduler()
  const backend = {
    capacityPerSecond: 100,
    waiting: 0,
    comebackMs: undefined as number | undefined,
  }
  const told: string[] = []
  const hints = new FleetHints(
    scheduler,
    { ...defaultFleetHint({ time: 1 }), ...patch },
    {
      capacityPerSecond: () => backend.capacityPerSecond,
      waiting: () => backend.waiting,
      isWork: ({ service }) => service !== 'gateway',
      reconnectWindowMs: () => backend.comebackMs,
    },
    (field, isNews) => isNews && told.push(`${field}`),
  )
  const count = (priority: Priority, times: number, more = {}) => {
    for (let n = 0; n < times; n++) hints.count(apiRequest({ priority, ...more }))
  }
  /** Seconds of this demand, as far as the level admits it. */
  const demand = (seconds: number, wanted: Partial<Record<Priority, number>>) => {
    for (let second = 0; second < seconds; second++) {
      const { admitted } = hints.status
      for (const [priority, perSecond] of Object.entries(wanted) as [Priority, number][])
        count(priority, Math.round(perSecond * admitted[priority]))
      scheduler.advance(1_000)
    }
  }
  return { scheduler, backend, told, hints, count, demand }
}

const overload = { critical: 60, important: 100, deferred: 140 }

describe('the fleet hint', () => {
  it('is not published until it is switched on, and admits all then', () => {
    const { hints, demand, told } = world({})
    demand(10, overload)
    expect([hints.field, hints.status.level, told]).toEqual([undefined, 3, []])
    hints.configure({ enabled: true })
    expect(hints.field).toBe('level=3, retry=1, ttl=30')
  })

  it('finds the level at which nine tenths of the capacity is asked for', () => {
    const { hints, demand } = world()
    demand(30, overload)
    // 60 of the 92 are critical; what is left does for 32 of 100 important ones.
    expect(hints.status.level).toBeCloseTo(1.32, 1)
    expect(hints.status.admitted).toMatchObject({ critical: 1, deferred: 0 })
    expect(parseFleetHint(hints.field)).toMatchObject({ retryRatio: 0, ttlMs: 30_000 })
    demand(30, { critical: 20, important: 20 })
    expect(hints.status.level).toBe(3)
  })

  it('judges what comes by the level that it says it was sent by', () => {
    const { scheduler, hints, count } = world()
    for (let second = 0; second < 30; second++) {
      // Nobody has heard of any level yet.
      count('important', 200, { level: 3 })
      scheduler.advance(1_000)
    }
    expect(hints.status.level).toBeCloseTo(1.46, 2)
  })

  it('counts neither retries nor what needs no backend', () => {
    const { scheduler, hints, count } = world()
    count('important', 1_000, { attempt: 2 })
    count('important', 1_000, { service: 'gateway' })
    scheduler.advance(2_000)
    expect(hints.status.level).toBe(3)
  })

  it('asks for as much less as makes go what waits', () => {
    const { backend, hints, demand } = world()
    demand(20, { important: 90 })
    expect(hints.status.level).toBe(3)
    backend.waiting = 60
    demand(20, { important: 90 })
    // 30 a second for two seconds: 62 of 90 are admitted.
    expect(hints.status.level).toBeCloseTo(1.69, 1)
    backend.waiting = 10_000
    demand(20, { important: 90 })
    expect(hints.status.level).toBeCloseTo(1.39, 1)
  })

  it('goes by the pool as it is now', () => {
    const { backend, hints, demand } = world()
    demand(30, overload)
    backend.capacityPerSecond = 1_000
    demand(20, overload)
    expect(hints.status).toMatchObject({ level: 3, capacityPerSecond: 1_000 })
  })

  it('is what an operator says, for as long as it is said', () => {
    const { hints, demand } = world()
    hints.configure({ level: 0.5 })
    expect(hints.status.admitted).toEqual({ critical: 0.5, important: 0, deferred: 0 })
    hints.configure({ level: Number.POSITIVE_INFINITY })
    demand(2, { critical: 1 })
    expect(hints.status.level).toBe(3)
  })

  it('tells at once of a level that moves, and again before clients forget it', () => {
    const { told, hints, scheduler } = world()
    hints.configure({ level: 1 })
    hints.configure({ level: 1.05 })
    expect(told).toEqual(['level=1, retry=0, ttl=30'])
    scheduler.advance(30_000)
    expect(told).toEqual([
      'level=1, retry=0, ttl=30',
      ...Array(3).fill('level=1.05, retry=0, ttl=30'),
    ])
    hints.configure({ enabled: false })
    expect(told.at(-1)).toBe('undefined')
  })

  it('says in which time sockets can come back, where that is limited', () => {
    const { backend, hints, scheduler } = world()
    backend.comebackMs = 110_000
    scheduler.advance(1_000)
    expect(parseFleetHint(hints.field)?.reconnectWindowMs).toBe(110_000)
  })

  it('leaves nothing behind', () => {
    const { hints, scheduler } = world()
    expect(scheduler.pending).toBe(1)
    hints.close()
    expect(scheduler.pending).toBe(0)
  })

  it.each([
    [{ level: 4 }, 'fleetHint: level must be a number from 0 to 3, got 4'],
    [{ ttlMs: 0 }, 'fleetHint: ttlMs must be a number > 0, got 0'],
    [{ on: true }, 'fleetHint has no on'],
  ])('refuses %j', (patch, message) => {
    expect(() => readFleetHintPatch(patch, 'fleetHint')).toThrow(message)
    expect(readFleetHintPatch({ level: null, capacityPerSecond: null }, '')).toEqual({
      level: Number.POSITIVE_INFINITY,
      capacityPerSecond: Number.POSITIVE_INFINITY,
    })
  })
})
