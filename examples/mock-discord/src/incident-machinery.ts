import type { FastifyInstance } from 'fastify'
import { type Action, readAction } from './admin/action.ts'
import { adminRoutes } from './admin/admin-routes.ts'
import { applyDiscordLimits } from './admin/discord-limits-patch.ts'
import { Backend } from './backend/backend.ts'
import type { BackendPatch } from './backend/backend-options.ts'
import { backendStage } from './backend/backend-stage.ts'
import { PacedScheduler } from './backend/paced-scheduler.ts'
import { type Preset, type PresetName, presets } from './backend/presets.ts'
import { type Scale, scaled } from './backend/scaled.ts'
import { seededRandom } from './backend/seeded-random.ts'
import type { Service } from './backend/service.ts'
import { Faults } from './faults/faults.ts'
import type { BackendSignal } from './gateway/adaptive-quota.ts'
import { Gateway } from './gateway/gateway.ts'
import type { GatewayPatch } from './gateway/gateway-options.ts'
import type { Machinery, MachineryParts, Outcome, ReplyHook } from './machinery.ts'
import { Metrics } from './metrics/metrics.ts'
import { Scenario } from './scenario/scenario.ts'
import type { Script } from './scenario/script.ts'
import type { ApiRequest, Stage } from './stage.ts'

export interface IncidentOptions {
  /** @defaultValue `legacy`, the backend that collapses */
  readonly preset?: PresetName | undefined
  /** @defaultValue 1 and 1, the incident's own size and pace */
  readonly scale?: Scale | undefined
  /** For service times, and for the share of a fault. @defaultValue 1 */
  readonly seed?: number | undefined
  /** On top of the preset. */
  readonly backend?: BackendPatch | undefined
  readonly gateway?: GatewayPatch | undefined
  /** One row of the time series, in ms. @defaultValue 1000 */
  readonly seriesIntervalMs?: number | undefined
}

/** The incident's machinery around the routes: faults, the API gateway's limiter, the backend, metrics, and their admin API. */
export class IncidentMachinery implements Machinery {
  readonly preset: Preset
  readonly scheduler = new PacedScheduler()
  readonly faults: Stage
  readonly gateway: Stage
  readonly backend: Stage
  readonly outgoing: ReplyHook
  readonly #options: IncidentOptions
  readonly #parts: MachineryParts
  #model: Backend
  #limiter: Gateway
  #faults: Faults
  #metrics: Metrics
  #scenario: Scenario | undefined

  /** @throws RangeError for an option that is out of range. */
  constructor(parts: MachineryParts, options: IncidentOptions = {}) {
    const { preset = 'legacy', scale = { rate: 1, time: 1 }, backend, gateway } = options
    this.preset = scaled(presets[preset], scale)
    this.#parts = parts
    this.#options = { ...options, preset, scale }
    // A bad option is told of now, not by the first reset.
    readAction({ backend, limits: { gateway } }, 'incident')
    this.#metrics = this.#makeMetrics()
    this.#model = this.#makeModel()
    this.#limiter = this.#makeLimiter()
    this.#faults = this.#makeFaults()
    this.faults = (request) => this.#faults.before(request)
    this.gateway = (request) => this.#limiter.take(request)
    this.backend = backendStage(() => this.#model)
    this.outgoing = (request, reply) => this.#faults.after(request, reply)
  }

  get options(): IncidentOptions {
    return this.#options
  }

  get model(): Backend {
    return this.#model
  }

  get limiter(): Gateway {
    return this.#limiter
  }

  get faultRules(): Faults {
    return this.#faults
  }

  get metrics(): Metrics {
    return this.#metrics
  }

  get scenario(): Scenario | undefined {
    return this.#scenario
  }

  /**
   * Does what an operator does.
   *
   * @throws RangeError for what this machinery has not, such as a voice region; nothing is changed then.
   */
  act({ clearFaults = false, fault, backend, limits, sockets, socket }: Action): void {
    if (backend) this.#model.configure(backend)
    if (clearFaults) this.#faults.clear()
    if (fault) this.#faults.add(fault)
    if (limits?.gateway) this.#limiter.configure(limits.gateway)
    if (limits?.discord) applyDiscordLimits(this.#parts.limits, limits.discord)
    if (sockets) this.#parts.gateway.configure(sockets)
    if (socket) this.#parts.gateway.act(socket)
  }

  /**
   * Runs a script in place of the one that runs.
   *
   * @throws RangeError for a step that could never be done; nothing is changed then.
   */
  play(script: Script): Scenario {
    for (const { do: action } of script.steps) if (action.backend) this.#model.check(action.backend)
    this.#scenario?.stop()
    this.#scenario = new Scenario(this.scheduler, script, (action) => this.act(action))
    return this.#scenario
  }

  /** Goes back to the start: no fault, no scenario, nothing counted, the first options; what was stored stays. */
  reset(): void {
    this.#scenario?.stop()
    this.#scenario = undefined
    this.#faults.clear()
    this.#faults = this.#makeFaults()
    this.#model.close()
    this.#metrics = this.#makeMetrics()
    this.#model = this.#makeModel()
    this.#limiter = this.#makeLimiter()
    this.#parts.limits.reset()
    this.#parts.gateway.reset()
  }

  observe(request: ApiRequest, outcome: Outcome): void {
    this.#metrics.request(request, outcome)
  }

  register(app: FastifyInstance): void {
    adminRoutes(app, this, this.#parts)
  }

  close(): void {
    this.#scenario?.stop()
    this.#model.close()
    this.scheduler.close()
  }

  #makeMetrics(): Metrics {
    return new Metrics({
      now: () => this.scheduler.now(),
      gauges: () => ({ inUse: this.#model.inUse, queued: this.#model.queued }),
      intervalMs: this.#options.seriesIntervalMs,
    })
  }

  #makeModel(): Backend {
    const { seed = 1, backend = {} } = this.#options
    const model = new Backend(this.scheduler, this.preset.backend, seed, this.#metrics)
    model.configure(backend)
    return model
  }

  #makeLimiter(): Gateway {
    const signal = (service: Service) => this.#signal(service)
    const limiter = new Gateway(this.scheduler, this.preset.gateway, signal)
    limiter.configure(this.#options.gateway ?? {})
    return limiter
  }

  #makeFaults(): Faults {
    return new Faults(this.scheduler, seededRandom((this.#options.seed ?? 1) + 1))
  }

  #signal(service: Service): BackendSignal {
    const { drainMs, isBeyondKnee } = this.#model
    const voiceMs = service === 'voice' ? this.#model.voiceDrainMs : 0
    return { drainMs: Math.max(drainMs, voiceMs), isBeyondKnee }
  }
}
