import { describe, expect, it } from 'vitest'
import { Timeline } from '../src/scenario/timeline.ts'

const timeline = new Timeline([
  { name: 'calm', durationMs: 10, fromLoad: 1, toLoad: 1 },
  { name: 'ramp', durationMs: 10, fromLoad: 1, toLoad: 10 },
  { name: 'peak', durationMs: 20, fromLoad: 10, toLoad: 10 },
])

describe('Timeline', () => {
  it('places phases one after another', () => {
    expect(timeline.phases.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
      [0, 10],
      [10, 20],
      [20, 40],
    ])
    expect(timeline.endMs).toBe(40)
    expect(timeline.peakLoad).toBe(10)
  })

  it('interpolates the load within a phase', () => {
    expect([0, 10, 15, 20, 39].map((ms) => timeline.loadAt(ms))).toEqual([1, 1, 5.5, 10, 10])
  })

  it('has no load before the start and from the end on', () => {
    expect([timeline.loadAt(-1), timeline.loadAt(40)]).toEqual([0, 0])
  })

  it('stays in its last phase when time goes on', () => {
    expect([9, 10, 99].map((ms) => timeline.at(ms).name)).toEqual(['calm', 'ramp', 'peak'])
  })

  it('refuses a phase it does not have', () => {
    expect(() => timeline.phase('tail')).toThrow('timeline: no phase tail')
  })
})
