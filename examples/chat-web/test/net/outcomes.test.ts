import { describe, expect, it } from 'vitest'
import {
  countOf,
  noOutcomes,
  type Outcomes,
  outcomesAt,
  windowSeconds,
  withOutcome,
} from '../../src/net/panel/outcomes.ts'

const at = (...entries: ['answered' | 'refused' | 'failed', number][]): Outcomes =>
  entries.reduce((all, [outcome, ms]) => withOutcome(all, outcome, ms), noOutcomes)

describe('the outcomes of a minute', () => {
  it('are counted by the second in which they ended', () => {
    const { seconds } = at(
      ['answered', 1000],
      ['answered', 1900],
      ['failed', 1999],
      ['refused', 3000],
    )
    expect(seconds.slice(-3)).toEqual([
      { answered: 2, refused: 0, failed: 1 },
      { answered: 0, refused: 0, failed: 0 },
      { answered: 0, refused: 1, failed: 0 },
    ])
  })

  it('move on with time, and are forgotten after a minute', () => {
    const outcomes = at(['failed', 500], ['failed', 30_500])
    expect(countOf(outcomes, 'failed', 59_999)).toBe(2)
    expect(countOf(outcomes, 'failed', 60_000)).toBe(1)
    expect(countOf(outcomes, 'failed', 90_000)).toBe(0)
    expect(countOf(outcomes, 'failed', 9e9)).toBe(0)
  })

  it('of the last seconds can be counted alone', () => {
    const outcomes = at(['failed', 1000], ['failed', 9000])
    expect(countOf(outcomes, 'failed', 9500, 3)).toBe(1)
  })

  it('are never more than a minute of seconds', () => {
    const outcomes = Array.from({ length: 200 }).reduce<Outcomes>(
      (all, _, second) => withOutcome(all, 'answered', second * 1000),
      noOutcomes,
    )
    expect(outcomesAt(outcomes, 1e9).seconds).toHaveLength(windowSeconds)
    expect(countOf(outcomes, 'answered', 199_000)).toBe(windowSeconds)
  })

  it('are none before the first', () => {
    expect(countOf(noOutcomes, 'answered', 5000)).toBe(0)
  })
})
