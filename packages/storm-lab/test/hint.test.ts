import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { admittedRatio, levelFor, publishHints } from '../src/backend/hint-publisher.ts'
import { isAdmitted, levelNow } from '../src/policy/fleet-hint.ts'
import { stationWorld } from './station-world.ts'

const shares = [0.3, 0.5, 0.2]

describe('a level', () => {
  it('admits each priority in turn, the most important first', () => {
    expect([0, 0.5, 1, 1.5, 2.5, 3].map((level) => admittedRatio(level, shares))).toEqual([
      0, 0.15, 0.3, 0.55, 0.9, 1,
    ])
  })

  it('is found for any part of the calls', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (ratio) => {
        expect(admittedRatio(levelFor(ratio, shares), shares)).toBeCloseTo(ratio, 9)
      }),
    )
    expect(levelFor(1, [0.5, 0, 0.5])).toBe(3)
    expect(levelFor(1, [0.5, 0.5, 0])).toBe(2)
  })

  it('lets a client send with the chance of its priority', () => {
    let draws = 0
    const random = (chance: number) => () => {
      draws++
      return chance
    }
    expect([isAdmitted(1, 0, random(0.99)), isAdmitted(2.4, 1, random(0.99))]).toEqual([true, true])
    expect([isAdmitted(1, 1, random(0)), isAdmitted(0.5, 2, random(0))]).toEqual([false, false])
    expect(draws).toBe(0)
    expect([isAdmitted(1.4, 1, random(0.39)), isAdmitted(1.4, 1, random(0.4))]).toEqual([
      true,
      false,
    ])
  })

  it('is good for half a minute', () => {
    expect(levelNow({ level: 1, atMs: 1000 }, 31_000)).toBe(1)
    expect(levelNow({ level: 1, atMs: 1000 }, 31_001)).toBe(3)
    expect(levelNow({ level: Infinity, atMs: -Infinity }, 0)).toBe(3)
  })
})

describe('a publisher', () => {
  /** What is published every 10 s, with so many first attempts in each. */
  function published(counts: readonly number[], options = {}, busy = 0): number[] {
    const { kernel, station, submit } = stationWorld({
      workers: 200,
      serviceMs: 1e9,
      coherency: 1e-4,
    })
    for (let each = 0; each < busy; each++) submit()
    const levels: number[] = []
    let which = 0
    publishHints(
      {
        kernel,
        service: station,
        capacity: 100,
        shares,
        takeFirstAttempts: () => counts[which++] ?? 0,
        publish: (level) => levels.push(level),
      },
      options,
    )
    kernel.run(10_000 * counts.length)
    return levels
  }

  it('admits all while there is room', () => {
    expect(published([100, 500, 900])).toEqual([3, 3, 3])
  })

  it('asks for what it can serve', () => {
    // 300 a second where 92 can be: 0.3067 of them.
    const [level] = published([3000])
    expect(admittedRatio(level as number, shares)).toBeCloseTo(0.92 / 3, 4)
  })

  it('knows the demand behind what it admits', () => {
    const levels = published([3000, 920, 920])
    expect(levels[2]).toBeCloseTo(levels[0] as number, 2)
  })

  it('asks for less while more is at work than is good', () => {
    // Without contention the knee is at 100.
    expect(published([3000], {}, 100)).toEqual(published([3000]))
    const [crowded] = published([3000], {}, 101)
    expect(admittedRatio(crowded as number, shares)).toBeCloseTo(0.35 / 3, 4)
  })

  it('can be late, wrong, or lost', () => {
    expect(published([3000, 3000], { staleMs: 10_000 })).toHaveLength(1)
    const [wrong] = published([3000], { errorFactor: 1.3 })
    expect(admittedRatio(wrong as number, shares)).toBeCloseTo((1.3 * 0.92) / 3, 4)
    expect(published([3000, 3000, 3000], { lostFromMs: 15_000 })).toHaveLength(1)
  })
})
