import type { Scheduler } from '../backend/scheduler.ts'
import type { Random } from '../backend/seeded-random.ts'
import { type Service, services } from '../backend/service.ts'
import type { Outcome } from '../machinery.ts'
import type { ApiReply, ApiRequest } from '../stage.ts'
import { wait } from '../wait.ts'
import { AdaptiveQuota, type BackendSignal } from './adaptive-quota.ts'
import type { BreakerOptions } from './breaker-options.ts'
import { type Counters, FixedWindows, type Limit, TokenBuckets } from './counters.ts'
import type { GatewayOptions, GatewayPatch } from './gateway-options.ts'
import { hasFields, limitedReply, rateLimitFields, saysWhen } from './limited-reply.ts'
import { hasRoom } from './queue-limit.ts'
import { type BreakerStatus, checked, ServiceBreakers } from './service-breakers.ts'
import { unavailable } from './unavailable.ts'

export interface GatewayStatus {
  readonly mode: GatewayOptions['mode']
  /** Requests per window, where the mode is `fixed`; `Infinity` (in JSON `null`) for none. */
  readonly limits: GatewayOptions['limits']
  readonly windowMs: number
  /** How many may wait for the backend; `Infinity` (in JSON `null`) for any number. */
  readonly queueLimit: number
  readonly passed: number
  readonly limited: Readonly<Record<Service, number>>
  /** Answered 503: more than the gateway itself can take in. */
  readonly overrun: number
  /** The adaptive quotas in requests a second, once a service has been asked for. */
  readonly quotas: Partial<Record<Service, number>>
  /** Answered 503 because too many wait, by priority. */
  readonly shed: Readonly<Record<ApiRequest['priority'], number>>
  /** What the gateway thinks of the services, once it has called them. */
  readonly breakers: Partial<Record<Service, BreakerStatus>>
}

/** The part of an adaptive quota that less urgent requests must leave to more urgent ones. */
const reserved: Readonly<Record<ApiRequest['priority'], number>> = {
  critical: 0,
  important: 0.1,
  deferred: 0.3,
}

/** The API gateway: limits or quotas per service, a limit on what waits behind it, and breakers. */
export class Gateway {
  readonly #scheduler: Scheduler
  readonly #signal: (service: Service) => BackendSignal
  readonly #quotas = new Map<Service, AdaptiveQuota>()
  readonly #intake = new TokenBuckets()
  readonly #breakers: ServiceBreakers
  readonly #fields = new WeakMap<ApiRequest, Record<string, string>>()
  readonly #shed = { critical: 0, important: 0, deferred: 0 }
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
    random: Random,
  ) {
    this.#scheduler = scheduler
    this.#options = options
    this.#signal = signal
    this.#counters = countersFor(options)
    this.#breakers = new ServiceBreakers(() => scheduler.now(), random, options.breaker)
  }

  get options(): GatewayOptions {
    return this.#options
  }

  get status(): GatewayStatus {
    return {
      mode: this.#options.mode,
      limits: this.#options.limits,
      windowMs: this.#options.windowMs,
      queueLimit: this.#options.queueLimit,
      passed: this.#passed,
      limited: { ...this.#limited },
      overrun: this.#overrun,
      quotas: Object.fromEntries(
        [...this.#quotas].map(([name, { perSecond }]) => [name, perSecond]),
      ),
      shed: { ...this.#shed },
      breakers: this.#breakers.status,
    }
  }

  /**
   * Gives the breaker's options as they are after a change; `before` it, as they are now.
   *
   * @throws RangeError for some that do not go together.
   */
  check({ breaker }: GatewayPatch, before: BreakerOptions = this.#options.breaker): BreakerOptions {
    return breaker ? checked({ ...before, ...breaker }) : before
  }

  /**
   * Changes options; a change of mode, algorithm or scope begins with nothing counted.
   *
   * @throws RangeError for options of the breaker that do not go together; nothing is changed then.
   */
  configure(patch: GatewayPatch): void {
    const { limits, adaptive, queueShares, breaker, ...rest } = patch
    const before = this.#options
    if (breaker) this.#breakers.configure({ ...before.breaker, ...breaker })
    this.#options = {
      ...before,
      ...rest,
      limits: { ...before.limits, ...limits },
      adaptive: { ...before.adaptive, ...adaptive },
      queueShares: { ...before.queueShares, ...queueShares },
      breaker: { ...before.breaker, ...breaker },
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

  /** What every reply to a request says of the limit it was counted in. */
  fields(request: ApiRequest): Readonly<Record<string, string>> | undefined {
    return this.#fields.get(request)
  }

  /** Learns how a request it has let through has ended. */
  ended(request: ApiRequest, outcome: Outcome): void {
    this.#breakers.ended(request, outcome)
  }

  #refusal(request: ApiRequest): ApiReply | undefined {
    const { queueLimit, queueShares, maxPerSecond, headers } = this.#options
    const nowMs = this.#scheduler.now()
    if (!this.#intake.take('', { requests: maxPerSecond, windowMs: 1_000 }, nowMs).ok) {
      this.#overrun++
      return unavailable()
    }
    const limited = this.#overLimit(request, nowMs)
    if (limited) return limited
    const { service, priority } = request
    const { queued, drainMs } = this.#signal(service)
    if (queued > 0 && !hasRoom(queued, queueLimit, queueShares, priority)) {
      this.#shed[priority]++
      return unavailable(saysWhen(headers) ? drainMs : undefined)
    }
    // Last, since a probe's turn must not be lost to another refusal.
    const waitMs = this.#breakers.take(request)
    return waitMs > 0 ? unavailable(saysWhen(headers) ? waitMs : undefined) : undefined
  }

  #overLimit(request: ApiRequest, nowMs: number): ApiReply | undefined {
    const { mode, scope, headers } = this.#options
    const { service, client, priority } = request
    if (mode === 'off') return undefined
    const quota = mode === 'adaptive' ? this.#quota(service, nowMs) : undefined
    const limit = this.#limit(service, quota)
    const key = scope === 'client' && !quota ? `${service} ${client}` : service
    const taken = this.#counters.take(key, limit, nowMs, quota ? reserved[priority] : 0)
    quota?.count(taken.ok)
    if (hasFields(headers)) this.#fields.set(request, rateLimitFields(service, limit, taken))
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
