import { describe, expect, it } from 'vitest'
import { scenarios } from '../src/scenario/scenario.ts'
import { shapeOf } from '../src/scenario/shape.ts'

describe('the scaled server', () => {
  const full = shapeOf({ rate: 1, time: 1 })

  it('is the incident server at full size', () => {
    expect([full.poolSize, full.queueDepth, full.basePerSecond]).toEqual([5_000, 15_000, 428])
  })

  it('keeps the ratios that decide whether it recovers', () => {
    for (const { scale } of Object.values(scenarios)) {
      const small = shapeOf(scale)
      expect(small.degradedToPeak).toBeCloseTo(full.degradedToPeak, 2)
      expect(small.baseToPeak).toBeCloseTo(full.baseToPeak, 2)
      expect(Math.abs(small.queueWaitToTimeout - full.queueWaitToTimeout)).toBeLessThan(0.02)
    }
  })

  it('can be overloaded ten times by the spike', () => {
    for (const { phases } of Object.values(scenarios)) {
      expect(Math.max(...phases.map(({ toLoad }) => toLoad))).toBe(10)
    }
  })
})
