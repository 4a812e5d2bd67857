import { seededRandom } from '@evenkeel/core/testing'
import { Agent } from 'undici'
import { runChild, sampleEveryMs } from '../run/child.ts'
import type { FromFleet } from '../run/messages.ts'
import { ProcessHealth } from '../run/process-health.ts'
import { callPlan } from '../scenario/call-plan.ts'
import { population } from '../scenario/population.ts'
import { serverPreset } from '../scenario/server-preset.ts'
import { Timeline } from '../scenario/timeline.ts'
import { worldNamed } from '../worlds/worlds.ts'
import { Fleet } from './fleet.ts'
import { FleetSockets } from './fleet-sockets.ts'

const longWaitMs = 10_000
const health = new ProcessHealth()
let fleet: Fleet
let sockets: FleetSockets
let nowMs: () => number

runChild<FromFleet>({
  async setup({ scenario, seed, world: name, url = '' }, now) {
    const { phases, scale, readRatio, patienceMs } = scenario
    const { baseRate, clientTimeoutMs } = serverPreset
    const clients = population(scenario.clients, scenario.channels, scenario.classes)
    nowMs = now
    const world = worldNamed(name)
    fleet = new Fleet({
      world,
      clients,
      calls: callPlan({
        timeline: new Timeline(phases),
        clients,
        basePerSecond: baseRate / scale.rate / scale.time,
        readRatio,
        random: seededRandom(seed),
      }),
      apiUrl: `${url}/api`,
      // Kept connections; as many as there are requests under way.
      dispatcher: new Agent({ keepAliveTimeout: 30_000 }),
      timeScale: scale.time,
      patienceMs,
      requestTimeoutMs: clientTimeoutMs,
      now,
    })
    sockets = new FleetSockets({
      world,
      clients,
      url: url.replace('http', 'ws'),
      timeScale: scale.time,
      dialTimeoutMs: clientTimeoutMs,
      now,
    })
    await sockets.open()
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
      connected: sockets.connected,
      dials: sockets.dialsAtMs.length,
      health: health.sample(sampleEveryMs),
    },
  }),
  finish: () => ({
    type: 'result',
    result: {
      records: fleet.records,
      sentAtMs: fleet.sentAtMs,
      sockets: { dialsAtMs: sockets.dialsAtMs, connectedFrom: sockets.connectedFrom },
    },
  }),
})
