import type { Scheduler } from '../backend/scheduler.ts'
import { type Service, services } from '../backend/service.ts'
import type { ApiReply, ApiRequest } from '../stage.ts'
import { wait } from '../wait.ts'
import { AdaptiveQuota, type BackendSignal } from './adaptive-quota.ts'
import { type Counters, FixedWindows, type Limit, TokenBuckets } from './counters.ts'
import type { GatewayOptions, GatewayPatch } from './gateway-options.ts'
import { limitedReply } from './limited-reply.ts'

export interface GatewayStatus {
  readonly mode: GatewayOptions['mode']
  readonly passed: number
  readonly limited: Readonly<Record<Service, number>>
  /** Answered 503: more than the gateway itself can take in. */
  readonly overrun: number
  /** The adaptive quotas in requests a second, once a service has been asked for. */
  readonly quotas: Partial<Record<Service, number>>
}

/** The part of an adaptive quota that less urgent requests must leave to more urgent ones. */
const reserved: Readonly<Record<ApiRequest['priority'], number>> = {
  critical: 0,
  important: 0.1,
  deferred: 0.3,
}

const overrunReply: ApiReply = {
  status: 503,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message: '503: Service Unavailable', code: 0 }),
}

/** The API gateway's limiter: fixed limits per service, or quotas that follow the backend. */
export class Gateway {
  readonly #scheduler: Scheduler
  readonly #signal: (service: Service) => BackendSignal
  readonly #quotas = new Map<Service, AdaptiveQuota>()
  readonly #intake = new TokenBuckets()
  #options: GatewayOptions
  #counters: Counters
  #passed = 0
  #overrun = 0
  readonly #limited = Object.fromEntries(services.map((service) => [service, 0])) as Record<
    Service,
    number
  >

  constructor(
    scheduler: Scheduler,
    options: GatewayOptions,
    signal: (service: Service) => BackendSignal,
  ) {
    this.#scheduler = scheduler
    this.#options = options
    this.#signal = signal
    this.#counters = countersFor(options)
  }

  get options(): GatewayOptions {
    return this.#options
  }

  get status(): GatewayStatus {
    return {
      mode: this.#options.mode,
      passed: this.#passed,
      limited: { ...this.#limited },
      overrun: this.#overrun,
      quotas: Object.fromEntries(
        [...this.#quotas].map(([name, { perSecond }]) => [name, perSecond]),
      ),
    }
  }

  /** Changes options; a change of mode, algorithm or scope begins with nothing counted. */
  configure(patch: GatewayPatch): void {
    const { limits, adaptive, ...rest } = patch
    const before = this.#options
    this.#options = {
      ...before,
      ...rest,
      limits: { ...before.limits, ...limits },
      adaptive: { ...before.adaptive, ...adaptive },
    }
    if (rest.mode ?? rest.algorithm ?? rest.scope) this.#counters = countersFor(this.#options)
    if (rest.mode ?? adaptive) this.#quotas.clear()
  }

  take = (request: ApiRequest): ApiReply | undefined | Promise<ApiReply | undefined> => {
    const refusal = this.#refusal(request)
    if (!refusal) {
      this.#passed++
      return undefined
    }
    const { rejectMs } = this.#options
    if (rejectMs === 0) return refusal
    return wait(this.#scheduler, rejectMs, request.gone).then(() => refusal)
  }

  #refusal({ service, client, priority }: ApiRequest): ApiReply | undefined {
    const { mode, scope, maxPerSecond, headers } = this.#options
    const nowMs = this.#scheduler.now()
    const intake = { requests: maxPerSecond, windowMs: 1_000 }
    if (!this.#intake.take('', intake, nowMs).ok) {
      this.#overrun++
      return overrunReply
    }
    if (mode === 'off') return undefined
    const quota = mode === 'adaptive' ? this.#quota(service, nowMs) : undefined
    const limit = this.#limit(service, quota)
    const key = scope === 'client' && !quota ? `${service} ${client}` : service
    const taken = this.#counters.take(key, limit, nowMs, quota ? reserved[priority] : 0)
    quota?.count(taken.ok)
    if (taken.ok) return undefined
    this.#limited[service]++
    return limitedReply(headers, service, limit, taken)
  }

  #limit(service: Service, quota: AdaptiveQuota | undefined): Limit {
    const { limits, windowMs, adaptive } = this.#options
    if (!quota) return { requests: limits[service], windowMs }
    const { intervalMs } = adaptive
    return { requests: (quota.perSecond * intervalMs) / 1_000, windowMs: intervalMs }
  }

  #quota(service: Service, nowMs: number): AdaptiveQuota {
    const { adaptive } = this.#options
    let quota = this.#quotas.get(service)
    if (!quota) {
      quota = new AdaptiveQuota(adaptive, nowMs)
      this.#quotas.set(service, quota)
    }
    quota.follow(adaptive, () => this.#signal(service), nowMs)
    return quota
  }
}

function countersFor({ mode, algorithm }: GatewayOptions): Counters {
  return mode === 'fixed' && algorithm === 'fixed-window' ? new FixedWindows() : new TokenBuckets()
}
