import { seededRandom } from '@evenkeel/core/testing'
import { presets } from '@evenkeel/mock-discord'
import { Agent } from 'undici'
import { runChild, sampleEveryMs } from '../run/child.ts'
import type { FromFleet } from '../run/messages.ts'
import { ProcessHealth } from '../run/process-health.ts'
import { callPlan } from '../scenario/call-plan.ts'
import { population } from '../scenario/population.ts'
import { Timeline } from '../scenario/timeline.ts'
import { worldNamed } from '../worlds/worlds.ts'
import { Fleet } from './fleet.ts'

const longWaitMs = 10_000
const health = new ProcessHealth()
let fleet: Fleet
let nowMs: () => number

runChild<FromFleet>({
  async setup({ scenario, seed, world, apiUrl = '' }, now) {
    const { phases, scale, readRatio, patienceMs } = scenario
    const { baseRate, clientTimeoutMs } = presets.legacy
    const clients = population(scenario.clients, scenario.channels)
    nowMs = now
    fleet = new Fleet({
      world: worldNamed(world),
      clients,
      calls: callPlan({
        timeline: new Timeline(phases),
        clients,
        basePerSecond: baseRate / scale.rate / scale.time,
        readRatio,
        random: seededRandom(seed),
      }),
      apiUrl,
      // Kept connections; as many as there are requests under way.
      dispatcher: new Agent({ keepAliveTimeout: 30_000 }),
      timeScale: scale.time,
      patienceMs,
      requestTimeoutMs: clientTimeoutMs,
      now,
    })
    return { type: 'ready' }
  },
  start() {
    health.reset()
    void fleet.run()
  },
  sample: () => ({
    type: 'fleetSample',
    sample: {
      atMs: nowMs(),
      tally: { ...fleet.tally },
      waiting: fleet.waitingFor(longWaitMs),
      health: health.sample(sampleEveryMs),
    },
  }),
  finish: () => ({
    type: 'result',
    result: { records: fleet.records, sentAtMs: fleet.sentAtMs },
  }),
})
