import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { clockTime, duration, percent } from '../src/report/format.ts'
import { scenarios } from '../src/scenario/scenario.ts'
import { Timeline } from '../src/scenario/timeline.ts'
import { liveView } from '../src/terminal/live-view.ts'
import { logLine } from '../src/terminal/log-line.ts'
import { panel } from '../src/terminal/panel.ts'
import { sparkline } from '../src/terminal/sparkline.ts'
import { evenkeel } from '../src/worlds/evenkeel.ts'
import { fixedDelay } from '../src/worlds/fixed-delay.ts'
import { pRetry } from '../src/worlds/p-retry.ts'
import { fleetSample, serverSample } from './world.ts'

const timeline = new Timeline(scenarios.full.phases)

describe('format', () => {
  it('calls only all of them 100 %', () => {
    expect([0, 0.0123, 0.5, 0.9996, 1, undefined].map(percent)).toEqual([
      '0 %',
      '1.2 %',
      '50 %',
      '99.9 %',
      '100 %',
      '–',
    ])
  })

  it('gives times in the unit that suits them', () => {
    expect([0, 150, 4_200, 96_000, undefined].map(duration)).toEqual([
      '0 ms',
      '150 ms',
      '4.2 s',
      '96 s',
      '–',
    ])
    expect([-5, 0, 372_999].map(clockTime)).toEqual(['00:00', '00:00', '06:12'])
  })
})

describe('sparkline', () => {
  it('draws a bar per ratio and a gap for none', () => {
    expect(sparkline([0, 0.5, 1, undefined, 7, -1])).toBe('▁▅█ █▁')
  })
})

describe('liveView', () => {
  const options = { columns: 10, spanMs: 100_000 }

  it('takes the latest stretch, not the whole run', () => {
    const view = liveView(
      {
        world: evenkeel,
        fleetSamples: [
          fleetSample(0),
          fleetSample(20_000, { begun: 10, succeeded: 10, attempts: 10 }),
          fleetSample(40_000, { begun: 20, succeeded: 11, failed: 9, attempts: 40, refused: 25 }),
        ],
        serverSamples: [serverSample(40_000, { queued: 7 })],
      },
      options,
    )
    expect(view).toMatchObject({ success: 0.1, attemptsPerCall: 3, queued: 7, refused: 25 })
    expect(view.successHistory).toHaveLength(4)
  })

  it('counts calls that are stuck, so that patience does not look like success', () => {
    const fleetSamples = [
      fleetSample(0),
      fleetSample(20_000, { begun: 10, succeeded: 1, attempts: 10 }, { waiting: 9 }),
    ]
    expect(liveView({ world: pRetry, fleetSamples, serverSamples: [] }, options).success).toBe(0.1)
  })

  it('has nothing to say before anything has happened', () => {
    const view = liveView({ world: evenkeel, fleetSamples: [], serverSamples: [] }, options)
    expect(view).toMatchObject({ success: undefined, attemptsPerCall: undefined, queued: 0 })
  })
})

describe('panel', () => {
  const views = [fixedDelay, pRetry, evenkeel].map((world) =>
    liveView(
      {
        world,
        fleetSamples: [
          fleetSample(0),
          fleetSample(120_000, { begun: 9, succeeded: 3, failed: 6, attempts: 54, limited: 1_234 }),
        ],
        serverSamples: [serverSample(120_000, { queued: 107 })],
      },
      { columns: 18, spanMs: timeline.endMs },
    ),
  )
  const lines = stripVTControlCharacters(panel(timeline, 120_000, 107, views)).split('\n')

  it('fits into 80 columns', () => {
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
  })

  it('shows the phase, the load, the time, and each world', () => {
    const text = lines.join('\n')
    expect(text).toContain('spike: 10× the load · load 10.0× · 02:00 of 10:30')
    expect(text).toMatch(/retry loop +p-retry +evenkeel/)
    expect(text).toMatch(/attempts per call +6\.0 +6\.0 +6\.0/)
    expect(text).toMatch(/server queue +107 of 107/)
    expect(text).toMatch(/limited \(429\) +1,234/)
  })

  it('is one line where there is no terminal', () => {
    expect(stripVTControlCharacters(logLine(timeline, 120_000, views.slice(0, 1)))).toBe(
      '02:00 peak  | retry loop: 33 % ok, 6.0×, queue 107, 300 sockets',
    )
  })
})
