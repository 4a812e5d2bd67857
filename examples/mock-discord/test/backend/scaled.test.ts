import { describe, expect, it } from 'vitest'
import { measureThroughput } from '../../src/backend/measure-throughput.ts'
import { presets } from '../../src/backend/presets.ts'
import {
  kneeConcurrency,
  serviceTimeMs,
  throughputPerSecond,
  weighed,
} from '../../src/backend/scalability.ts'
import { scaled } from '../../src/backend/scaled.ts'

const { database } = presets.legacy.backend

describe('the scalability law', () => {
  it('gives the figures of the incident scenario', () => {
    expect(kneeConcurrency(database)).toBe(749)
    expect(Math.round(throughputPerSecond(database, 749))).toBe(1_429)
    expect(Math.round(throughputPerSecond(database, 5_000))).toBe(601)
    expect(serviceTimeMs(database, 1)).toBe(150)
  })

  it('has no knee without coherency', () => {
    expect(kneeConcurrency({ serviceMs: 1, sigma: 0.1, kappa: 0 })).toBe(Number.POSITIVE_INFINITY)
  })

  it('stays the same law when one job stands for many', () => {
    for (const weight of [1, 7, 20, 200]) {
      for (const concurrency of [1, 3, 25, 250]) {
        expect(throughputPerSecond(weighed(database, weight), concurrency)).toBeCloseTo(
          throughputPerSecond(database, concurrency * weight) / weight,
          6,
        )
      }
    }
  })
})

describe.each([
  { rate: 1, time: 1 },
  { rate: 2, time: 10 },
  { rate: 20, time: 10 },
  { rate: 20, time: 1 },
])('the legacy preset, rates ÷ $rate and times ÷ $time, run on virtual time', (scale) => {
  const preset = scaled(presets.legacy, scale)
  const pool = preset.backend.database
  const peak = measureThroughput(pool, kneeConcurrency(pool))
  const degraded = measureThroughput(pool, pool.poolSize)

  it('peaks at 1,429/s ÷ rate', () => {
    expect(Math.abs(peak * scale.rate - 1_429)).toBeLessThan(15)
  })

  it('keeps degraded at 0.42 of peak', () => {
    expect((degraded / peak).toFixed(2)).toBe('0.42')
  })

  it('keeps the queue wait at 0.83 of the client timeout', () => {
    const waitMs = (1_000 * pool.queueDepth) / degraded
    expect((waitMs / preset.clientTimeoutMs).toFixed(2)).toBe('0.83')
  })

  it('keeps the base load at 0.30 of peak', () => {
    expect((preset.baseRate / peak).toFixed(2)).toBe('0.30')
  })
})

describe('scaled', () => {
  it('keeps the joins a second of every voice region, divided by the rate', () => {
    const { voice } = scaled(presets.legacy, { rate: 20, time: 10 }).backend
    for (const [name, region] of Object.entries(presets.legacy.backend.voice)) {
      const small = voice[name]
      if (!small) throw new Error(`no region ${name}`)
      const full = (region.instances * region.slotsPerInstance) / region.joinMs
      expect((small.instances * small.slotsPerInstance) / small.joinMs).toBeCloseTo(full / 20, 9)
    }
  })

  it('keeps no timeout as no timeout, and divides one there is', () => {
    const half = scaled(presets.legacy, { rate: 1, time: 2 })
    expect(half.backend.database.timeoutMs).toBe(Number.POSITIVE_INFINITY)
    expect(half.clientTimeoutMs).toBe(15_000)
  })

  it('refuses a factor that is no factor', () => {
    expect(() => scaled(presets.legacy, { rate: 0, time: 1 })).toThrow(
      'scaled: rate must be a number > 0, got 0',
    )
  })
})
