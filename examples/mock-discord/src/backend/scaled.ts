import type { GatewayOptions } from '../gateway/gateway-options.ts'
import type { PoolOptions } from './pool-options.ts'
import type { Preset } from './presets.ts'
import { weighed } from './scalability.ts'
import type { Service } from './service.ts'
import type { VoiceOptions } from './voice-options.ts'

export interface Scale {
  /** Divides every rate. */
  readonly rate: number
  /** Divides every time. */
  readonly time: number
}

/**
 * Gives a smaller, faster copy of a preset. By Little's law (number = rate × time) every number in service or
 * in a queue is divided by `rate × time`; one job then stands for that many of the original's, and
 * {@link weighed} keeps the shape exactly: degraded to peak throughput, queue wait to client timeout.
 *
 * @throws RangeError when a factor is not > 0.
 */
export function scaled(preset: Preset, { rate, time }: Scale): Preset {
  for (const [name, value] of Object.entries({ rate, time })) {
    if (!(value > 0 && Number.isFinite(value))) {
      throw new RangeError(`scaled: ${name} must be a number > 0, got ${value}`)
    }
  }
  const weight = rate * time
  const count = (full: number) => Math.max(1, Math.round(full / weight))
  const { backend } = preset
  return {
    backend: {
      ...backend,
      database: scaledPool(backend.database, weight, time),
      replicas: {
        ...backend.replicas,
        lagMs: backend.replicas.lagMs / time,
        maxLagMs: backend.replicas.maxLagMs / time,
        replayPerSecond: backend.replicas.replayPerSecond / rate,
      },
      voice: Object.fromEntries(
        Object.entries(backend.voice).map(([name, region]) => [
          name,
          scaledRegion(region, { rate, time }, count),
        ]),
      ),
    },
    clientTimeoutMs: preset.clientTimeoutMs / time,
    baseRate: preset.baseRate / rate,
    gateway: scaledGateway(preset.gateway, { rate, time }),
  }
}

function scaledPool(pool: PoolOptions, weight: number, time: number): PoolOptions {
  return {
    ...pool,
    ...weighed({ ...pool, serviceMs: pool.serviceMs / time }, weight),
    poolSize: Math.max(1, Math.round(pool.poolSize / weight)),
    queueDepth: Math.round(pool.queueDepth / weight),
    timeoutMs: pool.timeoutMs / time,
  }
}

function scaledGateway(gateway: GatewayOptions, { rate, time }: Scale): GatewayOptions {
  const { limits, adaptive, breaker } = gateway
  return {
    ...gateway,
    limits: Object.fromEntries(
      Object.entries(limits).map(([service, limit]) => [service, limit / (rate * time)]),
    ) as Record<Service, number>,
    windowMs: gateway.windowMs / time,
    rejectMs: gateway.rejectMs / time,
    maxPerSecond: gateway.maxPerSecond / rate,
    adaptive: {
      intervalMs: adaptive.intervalMs / time,
      targetQueueMs: adaptive.targetQueueMs / time,
      increasePerSecond: adaptive.increasePerSecond / rate,
      decreaseRatio: adaptive.decreaseRatio,
      startPerSecond: adaptive.startPerSecond / rate,
      minPerSecond: adaptive.minPerSecond / rate,
      maxPerSecond: adaptive.maxPerSecond / rate,
    },
    queueLimit: gateway.queueLimit / (rate * time),
    breaker: {
      ...breaker,
      windowMs: breaker.windowMs / time,
      slowMs: breaker.slowMs / time,
      openMs: breaker.openMs / time,
      maxOpenMs: breaker.maxOpenMs / time,
      rampMs: breaker.rampMs / time,
    },
  }
}

/** Instances are few, so they are rounded and the time of a join makes up for it: the joins a second stay exact. */
function scaledRegion(
  region: VoiceOptions,
  { rate, time }: Scale,
  count: (full: number) => number,
): VoiceOptions {
  const instances = count(region.instances)
  const joinsPerMs = (region.instances * region.slotsPerInstance) / region.joinMs / rate
  return {
    ...region,
    instances,
    joinMs: (instances * region.slotsPerInstance) / joinsPerMs,
    queueDepth: count(region.queueDepth),
    queueThreshold: count(region.queueThreshold),
    maxInstances: Math.round((instances * region.maxInstances) / region.instances),
    startUpMs: region.startUpMs / time,
    evaluateMs: region.evaluateMs / time,
    scaleDownAfterMs: region.scaleDownAfterMs / time,
  }
}
