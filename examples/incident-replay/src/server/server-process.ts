import { IncidentMachinery, type Mock, startMock } from '@evenkeel/mock-discord'
import { runChild, sampleEveryMs } from '../run/child.ts'
import type { FromServer } from '../run/messages.ts'
import { ProcessHealth } from '../run/process-health.ts'
import { scaledClock } from '../scenario/scaled-clock.ts'

const health = new ProcessHealth()
let machinery: IncidentMachinery
let nowMs: () => number

runChild<FromServer>({
  async setup({ scenario: { scale, channels }, seed }, now) {
    nowMs = now
    const mock: Mock = await startMock({
      // Limits and dates run as fast as the clients' clocks.
      now: scaledClock(scale.time).wallNow,
      store: { textChannels: channels, maxMessages: 50 },
      machinery(parts) {
        machinery = new IncidentMachinery(parts, { preset: 'legacy', scale, seed })
        return machinery
      },
    })
    return { type: 'ready', apiUrl: mock.apiUrl }
  },
  start: () => health.reset(),
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
