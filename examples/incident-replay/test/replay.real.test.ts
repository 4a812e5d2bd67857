import { describe, expect, it } from 'vitest'
import { replay } from '../src/run/replay.ts'
import { scenarios } from '../src/scenario/scenario.ts'
import { Timeline } from '../src/scenario/timeline.ts'
import { socketStats } from '../src/statistics/socket-stats.ts'
import { worlds } from '../src/worlds/worlds.ts'

const scenario = scenarios.quick
const { endMs } = new Timeline(scenario.phases)

describe('a short replay over real HTTP', () => {
  it('runs the same calls in every world, and counts every request sent for them', async () => {
    const progress: number[] = []
    const results = await replay({
      scenario,
      seed: 3,
      worlds,
      onProgress: (atMs) => progress.push(atMs),
    })

    expect(results.map(({ world }) => world.name)).toEqual(worlds.map(({ name }) => name))
    expect(progress.length).toBeGreaterThan(0)
    expect(Math.max(...progress)).toBeLessThan(endMs)
    const begun = results.map(({ records }) => records.map(({ atMs }) => atMs))
    const shared = Math.min(...begun.map(({ length }) => length))
    expect(shared).toBeGreaterThan(0)
    for (const instants of begun)
      expect(instants.slice(0, shared)).toEqual(begun[0]?.slice(0, shared))
    for (const { records, sentAtMs, sockets, serverSamples, fleetSamples } of results) {
      const attempts = records.reduce((sum, call) => sum + call.attempts, 0)
      expect(attempts).toBe(sentAtMs.length)
      expect(records.some(({ ok, attempts }) => ok && attempts > 0)).toBe(true)
      // The server counts a request when it has ended.
      const requests = serverSamples.at(-1)?.requests ?? 0
      expect(requests).toBeGreaterThan(0)
      expect(requests).toBeLessThanOrEqual(attempts)
      // Everybody was connected, everybody was dropped, and who is back has dialled.
      const { herdAtMs, clients } = scenario
      expect(fleetSamples[0]?.connected).toBe(clients)
      expect(sockets.connectedFrom.map(([, connected]) => connected)).toContain(0)
      expect(sockets.connectedFrom[0]?.[0]).toBeGreaterThanOrEqual(herdAtMs)
      const { dialsPerUser, connectedRatio } = socketStats(sockets, clients, herdAtMs, endMs)
      expect(connectedRatio).toBeGreaterThan(0)
      expect(dialsPerUser).toBeGreaterThan(connectedRatio)
      expect(fleetSamples.at(-1)?.tally.begun).toBeLessThanOrEqual(records.length)
    }
  })

  it('says so when a process ends early', async () => {
    const failing = replay({
      scenario: { ...scenario, channels: -1, scale: { rate: -1, time: 7 } },
      seed: 1,
      worlds: worlds.slice(0, 1),
    })
    await expect(failing).rejects.toThrow(/process ended early/)
  })
})
