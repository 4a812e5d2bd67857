import { describe, expect, it } from 'vitest'
import { scenarios } from '../src/scenario/scenario.ts'
import { simulate } from '../src/simulation/simulate.ts'

describe('the same in the storm lab', () => {
  it('runs each world with several seeds, on threads', async () => {
    const [ours, ...others] = await simulate(scenarios.full, 1, ['evenkeel'])
    expect(others).toEqual([])
    expect(ours?.world).toBe('evenkeel')
    expect(ours?.runs).toHaveLength(8)
    for (const { attemptsInSpike, successAfter, dialsPerUser } of ours?.runs ?? []) {
      expect(attemptsInSpike).toBeLessThan(1.2)
      expect(successAfter).toBeGreaterThan(0.9)
      expect(dialsPerUser).toBeLessThan(4)
    }
    expect(new Set(ours?.runs.map(({ successInSpike }) => successInSpike)).size).toBeGreaterThan(4)
  })
})
