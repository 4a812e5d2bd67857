import { describe, expect, it } from 'vitest'
import { binned, type HerdFigures, peak, reachedAt } from '../src/herd/herd-figures.ts'
import { type HerdScenario, herdScenarios } from '../src/herd/herd-scenarios.ts'
import { herdTables, verdict } from '../src/herd/herd-tables.ts'
import { VirtualTime } from '../src/herd/virtual-time.ts'
import { sparkline } from '../src/report/sparkline.ts'

describe('VirtualTime', () => {
  it('plays instants in order, tasks of one in the order they came, and what a task adds to it last', () => {
    const time = new VirtualTime(-5)
    const seen: string[] = []
    const see = (name: string) => () => {
      seen.push(`${name} at ${time.nowMs}`)
    }
    time.at(2.1, see('c'))
    time.at(-5, see('a'))
    time.at(3, see('d'))
    time.at(0, () => {
      see('b')()
      time.at(-9, see('late'))
    })
    while (time.step(10));
    expect(seen).toEqual(['a at -5', 'b at 0', 'late at 0', 'c at 3', 'd at 3'])
  })

  it('leaves what is due after the end', () => {
    const time = new VirtualTime(0)
    time.at(11, () => {})
    expect(time.step(10)).toBe(false)
    expect(time.step(11)).toBe(true)
  })
})

describe('figures', () => {
  it('peak is the most within any span, however it lies', () => {
    expect(peak([1, 0, 2, 3, 0, 1], 2)).toBe(5)
    expect(peak([1, 0, 2, 3, 0, 1], 3)).toBe(5)
    expect(peak([1, 0, 2, 3, 0, 1], 4)).toBe(6)
  })

  it('reachedAt is the first instant at which as many had come', () => {
    expect(reachedAt([0, 2, 0, 1], 2)).toBe(1)
    expect(reachedAt([0, 2, 0, 1], 3)).toBe(3)
    expect(reachedAt([0, 2, 0, 1], 4)).toBeUndefined()
  })

  it('bins lose nothing', () => {
    expect(binned([1, 2, 3, 4, 5], 2)).toEqual([3, 7, 5])
  })
})

describe('sparkline', () => {
  it('draws nothing for 0, something for little, and no more than a full bar', () => {
    expect(sparkline([0, 1, 50, 100, 900], 100)).toBe('` ▁▄██`')
  })
})

describe('herdTables', () => {
  const [down, , deep] = herdScenarios as [HerdScenario, HerdScenario, HerdScenario]
  const figures: HerdFigures = {
    dials: 50_000,
    dialsWhileDown: 40_000,
    peakPerSecond: 2500,
    halfBackMs: 10_000,
    mostBackMs: 20_000,
    allBackMs: 60_000,
    back: 1,
    dialsPerSecond: [10_000, 0, 5000],
  }
  const result = { name: 'evenkeel', runs: 'its core', figures }

  it('say how often each client dialled, when they were back, and whether that keeps to the target', () => {
    const [table, bars] = herdTables(down, [result])
    expect(table?.rows).toEqual([
      ['evenkeel', 'its core', 2500, 4, 10, 20, 60, '≤ 2,500 dials/s, ≤ 60 s: met'],
    ])
    expect(bars?.columns[1]).toBe('dials, 2 s a bar; █ is 5,000 a second, or more')
    expect(bars?.rows).toEqual([['evenkeel', '`█▄`']])
  })

  it('say how many are back where some are not', () => {
    const never = { ...figures, back: 0.1014, mostBackMs: undefined, allBackMs: undefined }
    const [table] = herdTables(deep, [{ ...result, name: 'other', figures: never }])
    expect(table?.rows).toEqual([
      ['other', 'its core', 2500, 1, 10, undefined, 'only 10.1 %', undefined],
    ])
  })

  it.each([
    [2500, 60_000, 'met'],
    [2501, 60_000, 'missed'],
    [2500, 60_001, 'missed'],
    [2500, undefined, 'missed'],
  ])(
    'of %d dials a second and all back at %s say that it was %s',
    (peakPerSecond, allBackMs, word) => {
      expect(verdict({ peakPerSecond, allBackMs }, down.targets[0])).toBe(
        `≤ 2,500 dials/s, ≤ 60 s: ${word}`,
      )
    },
  )
})
