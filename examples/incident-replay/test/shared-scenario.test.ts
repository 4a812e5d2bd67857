import { presets } from '@evenkeel/mock-discord'
import { legacyBackend } from '@evenkeel/storm-lab'
import { describe, expect, it } from 'vitest'
import { scenarios } from '../src/scenario/scenario.ts'
import { serverPreset } from '../src/scenario/server-preset.ts'
import { loadFactor, sharedLoad, sharedScenario } from '../src/scenario/shared-scenario.ts'
import { loadedGateway } from '../src/scenario/socket-gateway.ts'
import { Timeline } from '../src/scenario/timeline.ts'

describe('loadFactor', () => {
  const shape = [
    [10, 1],
    [20, 5],
    [30, 5],
  ] as const

  it('draws straight lines between the points, and goes on as it began and ended', () => {
    expect([0, 10, 15, 20, 25, 99].map((atMs) => loadFactor(shape, atMs))).toEqual([
      1, 1, 3, 5, 5, 5,
    ])
  })
})

describe('the replay', () => {
  const timeline = new Timeline(scenarios.full.phases)

  it("has the lab's load at every second", () => {
    for (let atMs = 0; atMs < timeline.endMs; atMs += 1_000)
      expect(timeline.loadAt(atMs)).toBeCloseTo(loadFactor(sharedLoad.shape, atMs), 9)
  })

  it("has the lab's phases, and its spike from the trigger's start to its end", () => {
    expect(timeline.endMs).toBe(sharedScenario.durationMs)
    const spike = [timeline.phase('calm').endMs, timeline.phase('recovery').startMs]
    expect(spike).toEqual(sharedScenario.trigger)
  })

  it('leaves nothing that users do to defaults which only the lab knows', () => {
    expect(Object.values(sharedLoad)).not.toContain(undefined)
    for (const name of ['classes', 'readRatio', 'idempotentRatio', 'patienceMs', 'shape'])
      expect(sharedLoad).toHaveProperty(name)
  })

  it("has the lab's server, which is the mock's of the incident", () => {
    const { service } = legacyBackend
    expect(serverPreset.backend.database).toMatchObject({
      poolSize: service.workers,
      queueDepth: service.queue,
      serviceMs: service.serviceMs,
      sigma: service.contention,
      kappa: service.coherency,
    })
    expect(serverPreset).toEqual(presets.legacy)
  })

  it("has the lab's gateway, scaled as all rates and counts are", () => {
    const { scale, clients, herdAtMs } = scenarios.full
    expect(loadedGateway(scenarios.full)).toEqual({
      acceptPerSecond: 428 / scale.rate,
      acceptQueueLength: 3_500 / scale.rate / scale.time,
      connectionLimit: clients,
    })
    expect(herdAtMs).toBe(120_000)
  })
})
