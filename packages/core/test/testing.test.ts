import { describe, expect, test } from 'vitest'
import { sleep } from '../src/index.ts'
import { manualClock, seededRandom } from '../src/testing/index.ts'

describe('manualClock', () => {
  test('stands still until it is told to move', async () => {
    const clock = manualClock()
    expect([clock.now(), clock.pending]).toEqual([0, 0])
    await clock.advance(250)
    expect(clock.now()).toBe(250)
  })

  test('shows a wall that moves along, and can be set apart from it', async () => {
    const clock = manualClock(1000)
    await clock.advance(5)
    expect(clock.wallNow()).toBe(1005)
    clock.setWall(90_000)
    expect([clock.now(), clock.wallNow()]).toEqual([5, 90_000])
    await clock.advance(5)
    expect(clock.wallNow()).toBe(90_005)
  })

  test('lets what a wait starts run before the next wait', async () => {
    const clock = manualClock()
    const log: string[] = []
    const worker = async (name: string, ms: number): Promise<void> => {
      for (let turn = 0; turn < 3; turn++) {
        await sleep(ms, undefined, clock)
        log.push(`${name} ${clock.now()}`)
      }
    }
    const workers = [worker('a', 10), worker('b', 15)]
    await clock.advance(100)
    await Promise.all(workers)
    expect(log).toEqual(['a 10', 'b 15', 'a 20', 'b 30', 'a 30', 'b 45'])
    expect(clock.now()).toBe(100)
  })

  test('runs all there is, and stops at its limit', async () => {
    const clock = manualClock()
    let done = 0
    const count = (): void => {
      done++
    }
    sleep(1000, undefined, clock)
      .then(() => sleep(5000, undefined, clock))
      .then(count)
    await clock.runAll()
    expect([done, clock.now(), clock.pending]).toEqual([1, 6000, 0])
    sleep(100_000, undefined, clock).then(count)
    await clock.runAll(50_000)
    expect([done, clock.now(), clock.pending]).toEqual([1, 6000, 1])
  })

  test('serves a wait that was due before it was asked for', async () => {
    const clock = manualClock()
    await clock.advance(100)
    const seen: number[] = []
    clock.scheduleAt(20, () => seen.push(clock.now()))
    await clock.advance(0)
    expect(seen).toEqual([100])
  })
})

describe('seededRandom', () => {
  test('repeats for the same seed, and differs for another', () => {
    const draw = (seed: number): number[] => Array.from({ length: 5 }, seededRandom(seed))
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
  })

  test('is spread evenly from 0 up to but not 1', () => {
    const random = seededRandom(42)
    const buckets = new Array<number>(10).fill(0)
    for (let each = 0; each < 10_000; each++) {
      const value = random()
      expect(value >= 0 && value < 1).toBe(true)
      buckets[Math.floor(value * 10)] = (buckets[Math.floor(value * 10)] ?? 0) + 1
    }
    expect(Math.min(...buckets)).toBeGreaterThan(900)
    expect(Math.max(...buckets)).toBeLessThan(1100)
  })
})
