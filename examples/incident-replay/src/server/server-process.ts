import { IncidentMachinery, type Mock, scaled, startMock } from '@evenkeel/mock-discord'
import { runChild, sampleEveryMs } from '../run/child.ts'
import type { FromServer } from '../run/messages.ts'
import { ProcessHealth } from '../run/process-health.ts'
import { scaledClock } from '../scenario/scaled-clock.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { faultRatio, serverPreset } from '../scenario/server-preset.ts'
import { calmGateway, loadedGateway } from '../scenario/socket-gateway.ts'

const health = new ProcessHealth()
let machinery: IncidentMachinery
let nowMs: () => number
let mock: Mock
let scenario: Scenario

runChild<FromServer>({
  async setup(setup, now) {
    nowMs = now
    scenario = setup.scenario
    const { scale, channels } = scenario
    const { seed } = setup
    const { backend, gateway } = scaled(serverPreset, scale)
    mock = await startMock({
      seed,
      sockets: calmGateway(scenario),
      // Limits and dates run as fast as the clients' clocks.
      now: scaledClock(scale.time).wallNow,
      store: { textChannels: channels, maxMessages: 50 },
      machinery(parts) {
        machinery = new IncidentMachinery(parts, {
          preset: 'legacy',
          scale,
          seed,
          backend: { database: backend.database },
          gateway: { maxPerSecond: gateway.maxPerSecond },
        })
        return machinery
      },
    })
    machinery.act({ fault: { fault: { kind: 'status', status: 500 }, share: faultRatio } })
    return { type: 'ready', url: mock.url }
  },
  start() {
    health.reset()
    mock.gateway.configure(loadedGateway(scenario))
    const { herdAtMs, scale } = scenario
    setTimeout(() => mock.gateway.act({ kind: 'drop' }), (herdAtMs - nowMs()) / scale.time)
  },
  sample() {
    const { requests, retries, work, gauges } = machinery.metrics.snapshot(0)
    return {
      type: 'serverSample',
      sample: {
        atMs: nowMs(),
        inUse: gauges.inUse,
        queued: gauges.queued,
        requests,
        retries,
        usefulMs: work.usefulMs,
        wastedMs: work.wastedMs,
        health: health.sample(sampleEveryMs),
      },
    }
  },
  finish: () => undefined,
})
