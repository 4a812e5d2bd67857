import { describe, expect, it } from 'vitest'
import { scenarios } from '../src/scenario/scenario.ts'
import { Timeline } from '../src/scenario/timeline.ts'
import { machineLoad } from '../src/statistics/machine-load.ts'
import { checkPromise } from '../src/statistics/promise.ts'
import { worldSeries } from '../src/statistics/series.ts'
import { wastedRatio, worldSummary } from '../src/statistics/world-summary.ts'
import { calls, fleetSample, serverSample, worldResult } from './world.ts'

const timeline = new Timeline(scenarios.full.phases)
const after = timeline.phase('recovery')

describe('worldSummary', () => {
  it('tells when the queue was empty and when calls succeeded again, from the end of the spike', () => {
    const records = calls(0, after.endMs, 500).map((call) => ({
      ...call,
      ok: call.atMs < timeline.phase('ramp').startMs || call.atMs >= after.startMs + 30_000,
    }))
    const serverSamples = [
      serverSample(1_000),
      serverSample(after.startMs - 1, { queued: 9 }),
      serverSample(after.startMs + 10_000, { queued: 1 }),
      serverSample(after.startMs + 20_000),
    ]
    const summary = worldSummary(worldResult({ records, serverSamples }), timeline, scenarios.full)
    expect(summary.drainedAfterMs).toBe(20_000)
    expect(summary.recoveredAfterMs).toBe(30_000)
    expect(summary.before.successRatio).toBe(1)
    expect(summary.during.successRatio).toBe(0)
    expect(summary.end.successRatio).toBe(1)
    expect(checkPromise(summary).map(({ kept }) => kept)).toEqual([true, true, false])
  })

  it('says so when it never got well', () => {
    const records = calls(0, after.endMs, 500).map((call) => ({ ...call, ok: false, attempts: 4 }))
    const serverSamples = [serverSample(after.endMs, { queued: 9 })]
    const summary = worldSummary(worldResult({ records, serverSamples }), timeline, scenarios.full)
    expect(summary.drainedAfterMs).toBeUndefined()
    expect(summary.recoveredAfterMs).toBeUndefined()
    expect(checkPromise(summary).map(({ kept }) => kept)).toEqual([false, false, false])
  })

  it('does not take a queue that fills up again for a drained one', () => {
    const serverSamples = [
      serverSample(after.startMs, { queued: 100 }),
      serverSample(after.startMs + 10_000, { queued: 0 }),
      serverSample(after.startMs + 20_000, { queued: 90 }),
    ]
    const last = serverSample(after.startMs + 30_000, { queued: 0 })
    const drained = (samples: typeof serverSamples) =>
      worldSummary(worldResult({ serverSamples: samples }), timeline, scenarios.full).drainedAfterMs
    expect(drained(serverSamples)).toBeUndefined()
    expect(drained([...serverSamples, last])).toBe(30_000)
  })

  it('leaves out the calls of the tail', () => {
    const records = calls(after.endMs, timeline.endMs, 500)
    const summary = worldSummary(worldResult({ records }), timeline, scenarios.full)
    expect(summary.after.calls + summary.end.calls).toBe(0)
  })
})

describe('wastedRatio', () => {
  it('takes the work of the span alone', () => {
    const samples = [
      serverSample(0, { wastedMs: 1_000, usefulMs: 0 }),
      serverSample(10, { wastedMs: 1_000, usefulMs: 100 }),
      serverSample(19, { wastedMs: 1_300, usefulMs: 200 }),
      serverSample(20, { wastedMs: 9_999, usefulMs: 9_999 }),
    ]
    expect(wastedRatio(samples, { startMs: 10, endMs: 20 })).toBe(0.75)
  })

  it('is unknown where nothing was measured', () => {
    expect(wastedRatio([], { startMs: 0, endMs: 10 })).toBeUndefined()
  })
})

describe('worldSeries', () => {
  it('gives rates, success, queue and waste per step', () => {
    const result = worldResult({
      records: [
        { atMs: 0, durationMs: 1, attempts: 1, ok: true },
        { atMs: 900, durationMs: 1, attempts: 2, ok: false },
        { atMs: 2_500, durationMs: 1, attempts: 1, ok: true },
      ],
      sentAtMs: [0, 900, 1_100, 2_500, 9_000],
      sockets: { dialsAtMs: [1_000, 1_999, 9_000], connectedFrom: [] },
      fleetSamples: [
        fleetSample(1_000, {}, { connected: 300 }),
        fleetSample(1_500, {}, { connected: 200 }),
      ],
      serverSamples: [
        serverSample(0, { queued: 1 }),
        serverSample(500, { queued: 4, usefulMs: 10 }),
        serverSample(1_000, { queued: 2, usefulMs: 10, wastedMs: 30 }),
      ],
    })
    expect(worldSeries(result, 1_000, 3_000)).toEqual({
      calls: [2, 0, 1],
      attempts: [2, 1, 1],
      success: [0.5, null, 1],
      queued: [4, 2, null],
      wasted: [0.75, null, null],
      connected: [null, 200, null],
      dials: [0, 2, 0],
    })
  })
})

describe('machineLoad', () => {
  const result = (lagMs: number) =>
    worldResult({
      serverSamples: [serverSample(0, { health: { cpuRatio: 0.1, lagMs: 0 } })],
      fleetSamples: [
        fleetSample(0, {}, { health: { cpuRatio: 0.2, lagMs } }),
        fleetSample(1, {}, { health: { cpuRatio: 0.6, lagMs } }),
      ],
    })

  it('names the busiest process and adds up all', () => {
    const load = machineLoad([result(5)], 4_000)
    expect(load.busiest).toEqual({
      process: 'fleet of evenkeel',
      meanCpuRatio: 0.4,
      peakCpuRatio: 0.6,
    })
    expect(load.meanCores).toBeCloseTo(0.5, 9)
  })

  it('is not to be trusted when event loops come late by a tenth of a timeout', () => {
    expect(machineLoad([result(400)], 4_000).isTrustworthy).toBe(true)
    expect(machineLoad([result(401)], 4_000).isTrustworthy).toBe(false)
  })
})
