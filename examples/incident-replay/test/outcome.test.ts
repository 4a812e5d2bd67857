import { describe, expect, it } from 'vitest'
import { findChromium } from '../src/live/find-chromium.ts'
import { outcome } from '../src/report/outcome.ts'
import { scenarios } from '../src/scenario/scenario.ts'
import { Timeline } from '../src/scenario/timeline.ts'
import { worldSummary } from '../src/statistics/world-summary.ts'
import { calls, worldResult } from './world.ts'

const timeline = new Timeline(scenarios.full.phases)
const after = timeline.phase('recovery')
const summaryOf = (isOk: boolean, back: readonly (readonly [number, number])[]) => {
  const { herdAtMs } = scenarios.full
  const records = calls(0, after.endMs, 500).map((call) => ({ ...call, ok: isOk, attempts: 2 }))
  const dialsAtMs = Array.from({ length: 600 }, () => herdAtMs + 5_000)
  const sockets = { dialsAtMs, connectedFrom: [[herdAtMs, 0] as const, ...back] }
  return worldSummary(worldResult({ records, sockets }), timeline, scenarios.full)
}

describe('outcome', () => {
  it('says when calls and sockets were well again', () => {
    expect(outcome(summaryOf(true, [[220_000, 300]]), after.durationMs)).toEqual({
      name: 'evenkeel',
      isWell: true,
      text: 'Well again 0 ms after the spike, at 2.0 attempts per call. The sockets were back after 100 s, at 2.0 dials per user.',
    })
  })

  it('says that they were not', () => {
    expect(outcome(summaryOf(false, [[220_000, 150]]), after.durationMs)).toEqual({
      name: 'evenkeel',
      isWell: false,
      text: 'Still down 240 s after the spike: 0 % of the calls succeed, at 2.0 attempts each. 50 % of the sockets came back, at 2.0 dials per user.',
    })
  })
})

describe('findChromium', () => {
  it('takes the one that it is told of, or the first of the usual ones that is there', () => {
    const installed = ['/usr/bin/chromium-browser', '/usr/bin/google-chrome']
    const exists = (path: string) => installed.includes(path)
    expect(findChromium(undefined, exists)).toBe('/usr/bin/chromium-browser')
    expect(findChromium('/usr/bin/google-chrome', exists)).toBe('/usr/bin/google-chrome')
    expect(findChromium('/opt/none', exists)).toBeUndefined()
    expect(findChromium(undefined, () => false)).toBeUndefined()
  })
})
