import { describe, expect, it } from 'vitest'
import { adaptiveWindow } from '../src/index.ts'
import { gatherMs } from '../src/window.ts'
import { world } from './world.ts'

describe('the adaptive window', () => {
  it.each([
    ['no round trip seen yet', 0, 0, 0],
    ['a call in a while', 300, 0.001, 0],
    ['a fast network under load', 5, 0.5, 0],
    ['a slow network under load', 300, 0.1, 30],
    ['a very slow network under load', 3000, 0.1, 50],
  ])('gathers for %s (%d ms, %d calls a ms): %d ms', (_name, durationMs, keysPerMs, waitMs) => {
    expect(gatherMs({ durationMs, keysPerMs }, 0.1, 50)).toBe(waitMs)
  })

  it('learns both from batches, the latest an eighth of the whole', () => {
    const window = adaptiveWindow()
    expect(window.delayMs()).toBe(0)
    window.learn({ size: 100, gatheredMs: 0, durationMs: 200 })
    expect(window.delayMs()).toBe(20)
    window.learn({ size: 100, gatheredMs: 0, durationMs: 1000 })
    expect(window.delayMs()).toBe(30)
    for (let i = 0; i < 40; i++) window.learn({ size: 1, gatheredMs: 0, durationMs: 100 })
    expect(window.delayMs()).toBe(0)
  })

  it('survives a batch that took no time', () => {
    const window = adaptiveWindow()
    window.learn({ size: 3, gatheredMs: 0, durationMs: 0 })
    expect(window.delayMs()).toBe(0)
  })

  it('is told by a batch how it went', async () => {
    const learned: unknown[] = []
    const { letters, clock } = world({
      window: { delayMs: () => 10, learn: (facts) => learned.push(facts) },
    })
    const calls = [letters.load('a'), letters.load('b')]
    await clock.advance(10)
    await Promise.all(calls)
    await clock.advance(0)
    expect(learned).toEqual([{ size: 2, gatheredMs: 10, durationMs: 0 }])
  })

  it.each([
    [{ roundTripRatio: -1 }, 'adaptiveWindow: roundTripRatio must be a number ≥ 0, got -1'],
    [{ maxDelayMs: Number.NaN }, 'adaptiveWindow: maxDelayMs must be a number ≥ 0, got NaN'],
  ])('refuses %o', (options, message) => {
    expect(() => adaptiveWindow(options)).toThrow(new RangeError(message))
  })
})
