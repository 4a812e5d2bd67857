import { describe, expect, it } from 'vitest'
import { contenders, type Report, runStorm, scenarios } from '../src/index.ts'
import { cellOf } from '../src/summary/cell.ts'
import { coarse } from '../src/summary/coarse.ts'
import { fleetsOf, median } from '../src/summary/fleets.ts'
import { clockTime, count, duration, listed, percent, times } from '../src/summary/format.ts'
import { namedPhases } from '../src/summary/phases.ts'
import { rows } from '../src/summary/rows.ts'
import { takeHome } from '../src/summary/take-home.ts'
import { withMetrics } from './reports.ts'

const report = await runStorm(scenarios['outage-60s'], {
  clients: 200,
  contenders: [contenders['fixed-1s'], contenders.evenkeel],
})

describe('numbers for people', () => {
  it.each([
    [null, '–'],
    [0, '0 %'],
    [1, '100 %'],
    [0.99996, '99.9 %'],
    [0.0123, '1.2 %'],
    [0.456, '46 %'],
  ])('percent(%s) is %s', (ratio, text) => expect(percent(ratio)).toBe(text))

  it.each([
    [null, '–'],
    [150, '150 ms'],
    [4200, '4.2 s'],
    [5000, '5 s'],
    [96_000, '96 s'],
    [1_500_000, '25 min'],
    [3_600_000, '1 h'],
    [7_080_000, '1 h 58 min'],
  ])('duration(%s) is %s', (ms, text) => expect(duration(ms)).toBe(text))

  it('are told as a sentence tells them', () => {
    expect([times(1.084), times(null), count(12_345.6), count(1.284)]).toEqual([
      '1.08',
      '–',
      '12,346',
      '1.28',
    ])
    expect([clockTime(300_000), clockTime(5_310_000)]).toEqual(['0:05', '1:28:30'])
    expect([listed(['a']), listed(['a', 'b', 'c'])]).toEqual(['a', 'a, b and c'])
    expect([median([3, 1, 2]), median([])]).toEqual([2, null])
  })
})

describe('a picture of too few clients', () => {
  const of = (clients: number) =>
    runStorm(scenarios.cascade, { clients, contenders: [contenders['no-retries']] }).then(coarse)

  it('is said to be coarse, and how many it takes', async () => {
    expect(await of(100)).toBe(
      'A coarse picture: 100 clients make a backend that is at its best with 0.35 requests, not 749. One that would stay down may come back by chance: take 4,600 clients or more.',
    )
    expect(await of(4600)).toBeUndefined()
  })
})

describe('the figures of several seeds', () => {
  const recovery = rows.find(({ label }) => label === 'recovered after')
  const cell = (...recoveries: (number | null)[]) => {
    const reports = recoveries.map((recoveryMs) => withMetrics(report, { recoveryMs }))
    return recovery && cellOf(recovery, fleetsOf(reports)[0] as never)
  }

  it('are the middle one and the span, judged by the worst', () => {
    expect(cell(10_000)).toEqual({ text: '10 s', verdict: 'good' })
    expect(cell(10_000, 30_000, 20_000)).toEqual({ text: '20 s (10 s – 30 s)', verdict: 'good' })
    expect(cell(10_000, 10_000)).toEqual({ text: '10 s', verdict: 'good' })
    expect(cell(0, null, 20_000)).toEqual({ text: '20 s (at once – never)', verdict: 'bad' })
    expect(cell(null, null)).toEqual({ text: 'never', verdict: 'bad' })
  })

  it('leave out what a seed did not have', () => {
    const row = rows.find(({ label }) => label === 'fairness, spike') as never
    const of = (...each: (number | null)[]) =>
      cellOf(row, fleetsOf(each.map((fairness) => withMetrics(report, { fairness })))[0] as never)
        .text
    expect(of(0.5, null)).toBe('0.50')
    expect(of(null, null)).toBe('–')
  })

  it('are of the same scenario and contenders', () => {
    const other = { ...report, scenario: { ...report.scenario, name: 'other' } }
    expect(() => fleetsOf([report, other])).toThrow('of the same scenario')
    expect(() => fleetsOf([])).toThrow('there must be a report')
  })

  it('are told for every fleet as the report has them', () => {
    const [, evenkeel] = fleetsOf([report])
    const texts = rows.map((row) => `${row.label.trim()}: ${cellOf(row, evenkeel as never).text}`)
    const { metrics } = report.contenders[1] as Report['contenders'][number]
    expect(texts).toContain(`in the spike: ${percent(metrics.successRatio.spike)}`)
    expect(texts).toContain(`in the worst minute: ${times(metrics.attemptsPerCall.peakMinute)}`)
    expect(texts).toContain(`of capacity used, spike: ${percent(metrics.goodputRatio)}`)
    expect(texts).toContain(`critical ones, spike: ${percent(metrics.successByPriority.critical)}`)
  })
})

describe('the trouble', () => {
  it('lasts from the trigger until all is well', () => {
    const [naive] = fleetsOf([report])
    const trouble = naive?.runs[0]?.trouble
    const spike = report.contenders[0]?.phases.find(({ name }) => name === 'spike')
    // The peak of this scenario is its trigger.
    expect(trouble?.successRatio).toBeCloseTo(spike?.successRatio ?? -1, 3)
    expect(trouble?.attemptsPerCall).toBeCloseTo(spike?.attemptsPerCall ?? -1, 3)
    expect(trouble?.belowMs).toBeGreaterThanOrEqual(60_000)
  })
})

describe('the sentence', () => {
  const back = withMetrics(report, { recoveryMs: 0 }, { recoveryMs: 60_000 })
  const half = withMetrics(report, { recoveryMs: null, after: 0.48 }, { recoveryMs: 60_000 })

  it('says who stayed down, and who came back', () => {
    expect(takeHome([half])).toBe(
      'fixed-1s is still down 9 min after it ended: 48 % of the calls succeed; evenkeel is above 99 % again after 60 s.',
    )
  })

  it('says with how many seeds', () => {
    expect(takeHome([half, back])).toMatch(/^fixed-1s is still down .* with 1 of 2 seeds: /)
  })

  it('says what it cost when all came back', () => {
    const [first, second] = fleetsOf([back]).map(({ runs }) => runs[0]?.trouble)
    expect(takeHome([back])).toBe(
      `fixed-1s is above 99 % again at once and evenkeel after 60 s; while it lasted, fixed-1s sent ${times(first?.attemptsPerCall ?? null)} requests for each call and ${percent(first?.successRatio ?? null)} of its calls succeeded, evenkeel ${times(second?.attemptsPerCall ?? null)} and ${percent(second?.successRatio ?? null)}.`,
    )
  })

  it('says it of all together when none came back', () => {
    const none = withMetrics(
      report,
      { recoveryMs: null, after: 0.3 },
      { recoveryMs: null, after: 0.5 },
    )
    expect(takeHome([none])).toMatch(
      /^fixed-1s and evenkeel are still down 9 min after it ended: 30 to 50 % of the calls succeed; while/,
    )
    const gone = withMetrics(
      report,
      { recoveryMs: null, after: null },
      { recoveryMs: null, after: null },
    )
    expect(takeHome([gone])).toContain('ended: – of the calls')
  })

  it('says it of one alone', () => {
    const alone = { ...back, contenders: back.contenders.slice(0, 1) }
    expect(takeHome([alone])).toMatch(
      /^fixed-1s is above 99 % again at once; while it lasted, .* succeeded\.$/,
    )
  })
})

describe('phases', () => {
  it('are those with a name, and the trigger where it is longer than the spike', async () => {
    expect(namedPhases(report).map(({ name }) => name)).toEqual(['spike'])
    const cascade = await runStorm(scenarios.cascade, {
      clients: 1,
      contenders: [contenders.evenkeel],
    })
    expect(namedPhases(cascade).map(({ name }) => name)).toEqual(['trigger', 'spike'])
    const incident = await runStorm(scenarios['incident-2022'], {
      clients: 1,
      contenders: [contenders.evenkeel],
    })
    expect(namedPhases(incident).map(({ name }) => name)).toEqual([
      ...['spike', 'limits raised', 'backpressure', 'second wave', 'database strain'],
      ...['client fix', 'restored'],
    ])
  })
})
