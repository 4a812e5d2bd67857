import { Backend } from './backend/backend.ts'
import type { Preset } from './backend/presets.ts'
import type { Scheduler } from './backend/scheduler.ts'
import { seededRandom } from './backend/seeded-random.ts'
import type { Service } from './backend/service.ts'
import { CascadeMonitor, type CascadeParts } from './cascade/cascade-monitor.ts'
import { defaultCascade } from './cascade/cascade-options.ts'
import type { TickGauges } from './cascade/tick.ts'
import { Faults } from './faults/faults.ts'
import type { BackendSignal } from './gateway/adaptive-quota.ts'
import { Gateway } from './gateway/gateway.ts'
import { defaultFleetHint } from './hint/fleet-hint-options.ts'
import { FleetHints } from './hint/fleet-hints.ts'
import type { IncidentOptions } from './incident-options.ts'
import type { MachineryParts } from './machinery.ts'
import { Metrics } from './metrics/metrics.ts'
import type { SocketGateway } from './sockets/socket-gateway.ts'

/** What a reset makes anew: all that counts, waits or can be set. */
export interface Works {
  readonly metrics: Metrics
  readonly model: Backend
  readonly limiter: Gateway
  readonly faults: Faults
  readonly hints: FleetHints
  readonly cascade: CascadeMonitor
}

/** Makes the machinery's moving parts, as the options of the start want them. */
export function openWorks(
  scheduler: Scheduler,
  preset: Preset,
  options: IncidentOptions,
  { gateway: sockets, now }: MachineryParts,
  onEvents: CascadeParts['onEvents'],
): Works {
  const { seed = 1, scale = { rate: 1, time: 1 }, seriesIntervalMs } = options
  const metrics: Metrics = new Metrics({
    now: () => scheduler.now(),
    gauges: () => ({ inUse: model.inUse, queued: model.queued }),
    intervalMs: seriesIntervalMs,
  })
  const model: Backend = new Backend(scheduler, preset.backend, seed, metrics)
  model.configure(options.backend ?? {})
  const limiter = new Gateway(
    scheduler,
    preset.gateway,
    (service) => signalOf(model, service),
    seededRandom(seed + 3),
  )
  limiter.configure(options.gateway ?? {})
  const faults = new Faults(scheduler, seededRandom(seed + 1))
  const hints = new FleetHints(
    scheduler,
    { ...defaultFleetHint(scale), ...options.fleetHint },
    {
      capacityPerSecond: () => model.capacityPerSecond,
      waiting: () => model.excess,
      isWork: ({ service }) => model.options.costs[service] > 0,
      reconnectWindowMs: () => sockets.fleetHint.comebackMs,
    },
    (field, isNews) => sockets.fleetHint.publish(field, isNews),
  )
  const cascade = new CascadeMonitor(
    scheduler,
    { ...defaultCascade(scale), ...options.cascade },
    { gauges: () => gaugesOf(model, sockets), wallNow: now, onEvents },
  )
  return { metrics, model, limiter, faults, hints, cascade }
}

/** Ends what would go on by itself. */
export function closeWorks({ model, faults, hints, cascade }: Works): void {
  cascade.close()
  hints.close()
  faults.clear()
  model.close()
}

function gaugesOf(model: Backend, sockets: SocketGateway): TickGauges {
  const { database, voice } = model.status
  const { accepted, upgradeFailures } = sockets.status
  return {
    usage: (database.inUse + database.queued) / (database.poolSize + database.queueDepth),
    upgrades: {
      accepted,
      failed: Object.values(upgradeFailures).reduce((total, count) => total + count, 0),
    },
    voiceCpu: Object.fromEntries(
      Object.entries(voice).map(([region, { cpuRatio }]) => [region, cpuRatio]),
    ),
  }
}

function signalOf(model: Backend, service: Service): BackendSignal {
  if (model.options.costs[service] === 0) return { drainMs: 0, queued: 0, isBeyondKnee: false }
  const { drainMs, queued, isBeyondKnee } = model
  if (service !== 'voice') return { drainMs, queued, isBeyondKnee }
  return {
    drainMs: Math.max(drainMs, model.voiceDrainMs),
    queued: Math.max(queued, model.voiceQueued),
    isBeyondKnee,
  }
}
