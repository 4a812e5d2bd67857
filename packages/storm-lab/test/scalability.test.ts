import { describe, expect, it } from 'vitest'
import {
  capacityPerSecond,
  kneeConcurrency,
  throughputPerSecond,
} from '../src/backend/scalability.ts'

describe('the scalability law', () => {
  const law = { serviceMs: 150, contention: 0.002, coherency: 1.78e-6 }

  it('has its highest throughput at the knee, and less beyond it', () => {
    const knee = kneeConcurrency(law)
    expect(Math.round(knee)).toBe(749)
    expect(Math.round(throughputPerSecond(law, knee))).toBe(1429)
    expect(Math.round(throughputPerSecond(law, 5000))).toBe(601)
    expect(throughputPerSecond(law, knee * 1.1)).toBeLessThan(throughputPerSecond(law, knee))
  })

  it('gives a pool the capacity of its knee, or of all its workers if that comes first', () => {
    expect(capacityPerSecond(law, 5000)).toBe(throughputPerSecond(law, kneeConcurrency(law)))
    expect(capacityPerSecond(law, 100)).toBe(throughputPerSecond(law, 100))
    expect(capacityPerSecond({ serviceMs: 100 }, 50)).toBe(500)
  })
})
