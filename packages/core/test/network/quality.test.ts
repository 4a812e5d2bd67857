import { describe, expect, it } from 'vitest'
import { type NetworkQuality, qualityOf } from '../../src/network/index.ts'

describe('qualityOf', () => {
  it.each<[number | undefined, number | undefined, NetworkQuality]>([
    [undefined, undefined, 'good'],
    [0, Infinity, 'good'],
    [269, 701, 'good'],
    [270, undefined, 'fair'],
    [undefined, 700, 'fair'],
    [1399, 71, 'fair'],
    [1400, undefined, 'poor'],
    [undefined, 70, 'poor'],
    [10, 50, 'poor'],
    [5000, 10_000, 'poor'],
  ])('rates %s ms and %s kbit/s as %s', (rttMs, downlinkKbps, expected) => {
    expect(qualityOf(rttMs, downlinkKbps)).toBe(expected)
  })

  it.each<[NetworkQuality, number | undefined, number | undefined, NetworkQuality]>([
    ['fair', 217, undefined, 'fair'],
    ['fair', 215, undefined, 'good'],
    ['fair', undefined, 870, 'fair'],
    ['fair', undefined, 880, 'good'],
    ['poor', 1121, undefined, 'poor'],
    ['poor', 1119, undefined, 'fair'],
    ['poor', 100, undefined, 'good'],
    ['good', 269, undefined, 'good'],
    ['fair', 1399, undefined, 'fair'],
  ])(
    'asks of a %s network for a margin: %s ms and %s kbit/s make it %s',
    (before, rttMs, kbps, expected) => {
      expect(qualityOf(rttMs, kbps, before)).toBe(expected)
    },
  )
})
