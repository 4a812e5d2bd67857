import type { Priority } from '@evenkeel/core'
import { admittedRatio, type FleetHint } from '@evenkeel/rate-limit/fleet-hint'
import { describe, expect, it } from 'vitest'
import { type HintOptions, publishHints } from '../src/backend/hint-publisher.ts'
import { stationWorld } from './station-world.ts'

/** The part of all calls that a level admits, of 30, 50 and 20 %. */
function admitted(level: number): number {
  const share = (priority: Priority) => admittedRatio(level, priority)
  return 0.3 * share('critical') + 0.5 * share('important') + 0.2 * share('deferred')
}

/** What is published every second, with so many first tries in each, three tenths of them critical. */
function published(
  counts: readonly number[],
  options: HintOptions = {},
  busy = 0,
  said?: number,
): FleetHint[] {
  // The knee is at 100.
  const { kernel, station, submit } = stationWorld({
    workers: 200,
    serviceMs: 1e9,
    coherency: 1e-4,
  })
  for (let each = 0; each < busy; each++) submit()
  const hints: FleetHint[] = []
  const count = publishHints(
    { kernel, service: station, capacity: 100, publish: (hint) => hints.push(hint) },
    { smoothingRatio: 1, ...options },
  )
  for (const [second, calls] of counts.entries()) {
    for (let call = 0; call < calls; call++)
      count(call % 10 < 3 ? 'critical' : call % 10 < 8 ? 'important' : 'deferred', said)
    kernel.run(1000 * (second + 1))
  }
  return hints
}

const levels = (...args: Parameters<typeof published>) =>
  published(...args).map(({ level }) => level)

describe('a publisher', () => {
  it('admits all while there is room', () => {
    expect(published([10, 50, 90])).toEqual(
      Array(3).fill({ level: 3, retryRatio: 1, ttlMs: 30_000 }),
    )
  })

  it('asks for what can be served, and for no retries', () => {
    const [hint] = published([300])
    expect(admitted(hint?.level as number)).toBeCloseTo(0.92 / 3, 4)
    expect(hint?.retryRatio).toBe(0)
  })

  it('asks for less, the more there is beyond what it serves best', () => {
    const of = (busy: number) => admitted(levels([300], {}, busy)[0] as number)
    expect(of(100)).toBeCloseTo(0.92 / 3, 4)
    expect(of(140)).toBeCloseTo((0.92 - 0.2) / 3, 4)
    expect(of(220)).toBeCloseTo(0.35 / 3, 4)
  })

  it('can be late, wrong, or lost', () => {
    expect(levels([300, 300, 300], { staleMs: 2000 })).toHaveLength(1)
    const [wrong] = levels([300], { errorFactor: 1.3 })
    expect(admitted(wrong as number)).toBeCloseTo((1.3 * 0.92) / 3, 4)
    expect(levels([300, 300, 300], { lostFromMs: 1500 })).toHaveLength(1)
  })

  it('judges what comes by the level that is known by then, if it is told how late that is', () => {
    const told = levels(Array(5).fill(300), { staleMs: 2000, lagMs: 2000 })
    expect(told).toEqual([told[0], told[0], told[0]])
    const untold = levels(Array(5).fill(300), { staleMs: 2000 })
    expect(untold[1]).toBeLessThan(untold[0] as number)
  })

  it('judges it by the level that requests say, unless they say none', () => {
    const late = { staleMs: 2000 }
    const said = levels(Array(5).fill(300), late, 0, 3)
    expect(said).toEqual([said[0], said[0], said[0]])
    const unsaid = { ...late, isSaid: false }
    expect(levels(Array(5).fill(300), unsaid, 0, 3)).toEqual(levels(Array(5).fill(300), late))
  })
})
