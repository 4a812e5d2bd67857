import { describe, expect, it } from 'vitest'
import { socketStats } from '../src/statistics/socket-stats.ts'

const stats = (
  dialsAtMs: readonly number[],
  connectedFrom: readonly (readonly [number, number])[],
) => socketStats({ dialsAtMs, connectedFrom }, 100, 10_000, 60_000)

describe('socketStats', () => {
  it('counts from the drop on, and until the end', () => {
    const { dialsPerUser, peakDialsPerSecond } = stats([9_999, 10_000, 10_999, 11_000, 60_000], [])
    expect(dialsPerUser).toBe(0.03)
    expect(peakDialsPerSecond).toBe(2)
  })

  it('counts from the moment at which the first was lost', () => {
    const dials = [10_100, 10_300, 11_200]
    expect(
      stats(dials, [
        [10_250, 99],
        [10_251, 0],
        [30_250, 100],
      ]),
    ).toMatchObject({
      dialsPerUser: 0.02,
      peakDialsPerSecond: 2,
      backAfterMs: 20_000,
    })
  })

  it('does not take the first moment of the drop for the return', () => {
    const { backAfterMs, connectedRatio } = stats(
      [],
      [
        [10_000, 99],
        [10_001, 0],
        [30_000, 98],
        [40_000, 99],
        [50_000, 97],
      ],
    )
    expect(backAfterMs).toBe(30_000)
    expect(connectedRatio).toBe(0.97)
  })

  it('says so when they never came back', () => {
    const dropped = [
      [10_001, 0],
      [20_000, 98],
      [60_000, 100],
    ] as const
    expect(stats([], dropped)).toMatchObject({ backAfterMs: undefined, connectedRatio: 0.98 })
  })
})
