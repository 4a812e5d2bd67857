import type { FastifyInstance } from 'fastify'
import { type Action, readAction } from './admin/action.ts'
import { adminRoutes } from './admin/admin-routes.ts'
import { applyDiscordLimits, checkDiscordLimits } from './admin/discord-limits-patch.ts'
import type { Backend } from './backend/backend.ts'
import { backendStage } from './backend/backend-stage.ts'
import { PacedScheduler } from './backend/paced-scheduler.ts'
import { type Preset, presets } from './backend/presets.ts'
import { scaled } from './backend/scaled.ts'
import type { AlertEvent } from './cascade/alert.ts'
import type { CascadeMonitor, Verdict } from './cascade/cascade-monitor.ts'
import { emergencyAction } from './cascade/emergency-action.ts'
import { alertEntry } from './cascade/log-line.ts'
import type { Faults } from './faults/faults.ts'
import type { BreakerOptions } from './gateway/breaker-options.ts'
import type { Gateway } from './gateway/gateway.ts'
import type { FleetHints } from './hint/fleet-hints.ts'
import { hintDocument } from './hint/hint-document.ts'
import type { IncidentOptions } from './incident-options.ts'
import { closeWorks, openWorks, type Works } from './incident-works.ts'
import type { Machinery, MachineryParts, Outcome, ReplyHook } from './machinery.ts'
import type { Metrics } from './metrics/metrics.ts'
import { requestOutcome } from './metrics/request-outcome.ts'
import { Scenario } from './scenario/scenario.ts'
import type { Script } from './scenario/script.ts'
import type { ApiRequest, Stage } from './stage.ts'

/** The incident's machinery around the routes: faults, the API gateway, the backend, metrics, and their admin API. */
export class IncidentMachinery implements Machinery {
  readonly preset: Preset
  readonly scheduler = new PacedScheduler()
  readonly faults: Stage
  readonly gateway: Stage
  readonly backend: Stage
  readonly outgoing: ReplyHook
  readonly #options: IncidentOptions
  readonly #parts: MachineryParts
  #works: Works
  #scenario: Scenario | undefined
  #lastScenario = 0
  #hasResponded = false

  /** @throws RangeError for an option that is out of range. */
  constructor(parts: MachineryParts, options: IncidentOptions = {}) {
    const { preset = 'legacy', scale = { rate: 1, time: 1 } } = options
    const { backend, gateway, fleetHint, cascade } = options
    this.preset = scaled(presets[preset], scale)
    this.#parts = parts
    this.#options = { ...options, preset, scale }
    // A bad option is told of now, not by the first reset.
    readAction({ backend, limits: { gateway }, fleetHint, cascade }, 'incident')
    this.#works = this.#open()
    this.faults = (request) => {
      this.hints.count(request)
      return this.faultRules.before(request)
    }
    this.gateway = (request) => this.limiter.take(request)
    this.backend = backendStage(() => this.model)
    this.outgoing = (request, reply) => this.faultRules.after(request, reply)
  }

  get options(): IncidentOptions {
    return this.#options
  }

  get model(): Backend {
    return this.#works.model
  }

  get limiter(): Gateway {
    return this.#works.limiter
  }

  get faultRules(): Faults {
    return this.#works.faults
  }

  get hints(): FleetHints {
    return this.#works.hints
  }

  get cascade(): CascadeMonitor {
    return this.#works.cascade
  }

  get metrics(): Metrics {
    return this.#works.metrics
  }

  get scenario(): Scenario | undefined {
    return this.#scenario
  }

  /**
   * Does what an operator does.
   *
   * @throws RangeError for what this machinery has not, such as a voice region, and for limits that do not go together; nothing
   * is changed then. A channel that is none is told of last.
   */
  act({
    clearFaults = false,
    fault,
    backend,
    limits,
    fleetHint,
    cascade,
    sockets,
    socket,
  }: Action): void {
    this.#check({ backend, limits })
    if (backend) this.model.configure(backend)
    if (clearFaults) this.faultRules.clear()
    if (fault) this.faultRules.add(fault)
    if (limits?.gateway) this.limiter.configure(limits.gateway)
    if (limits?.discord) applyDiscordLimits(this.#parts.limits, limits.discord)
    if (fleetHint) this.hints.configure(fleetHint)
    if (cascade) {
      this.cascade.configure(cascade)
      this.#respond()
    }
    if (sockets) this.#parts.gateway.configure(sockets)
    if (socket) this.#parts.gateway.act(socket)
  }

  /**
   * Runs a script in place of the one that runs.
   *
   * @throws RangeError for a step that could never be done; nothing is changed then.
   */
  play(script: Script): Scenario {
    let { breaker } = this.limiter.options
    for (const { do: action } of [...script.steps].sort((a, b) => a.atMs - b.atMs))
      breaker = this.#check(action, breaker)
    this.#scenario?.stop()
    const id = ++this.#lastScenario
    this.#scenario = new Scenario(this.scheduler, id, script, (action) => this.act(action))
    return this.#scenario
  }

  /** Gives the breaker's options after an action, of which no part may fail: nothing would undo the others. */
  #check({ backend, limits }: Action, breaker?: BreakerOptions): BreakerOptions {
    if (backend) this.model.check(backend)
    if (limits?.discord) checkDiscordLimits(this.#parts.limits, limits.discord)
    return this.limiter.check(limits?.gateway ?? {}, breaker)
  }

  /** Goes back to the start: no fault, no scenario, nothing counted, the first options; what was stored stays. */
  reset(): void {
    this.#scenario?.stop()
    this.#scenario = undefined
    closeWorks(this.#works)
    this.#hasResponded = false
    this.#works = this.#open()
    this.#parts.limits.reset()
    this.#parts.gateway.reset()
  }

  fields(request: ApiRequest): Record<string, string> {
    const { field } = this.hints
    return {
      ...this.limiter.fields(request),
      ...(field !== undefined && { 'fleet-hint': field }),
    }
  }

  observe(request: ApiRequest, outcome: Outcome): void {
    this.limiter.ended(request, outcome)
    const isViolation = this.metrics.request(request, outcome)
    this.cascade.request({
      service: request.service,
      outcome: requestOutcome(outcome.status),
      isRetry: request.attempt > 1,
      isViolation,
      durationMs: outcome.durationMs,
    })
  }

  register(app: FastifyInstance): void {
    adminRoutes(app, this, this.#parts)
    hintDocument(app, () => ({
      field: this.hints.field,
      periodMs: this.hints.options.periodMs,
    }))
  }

  close(): void {
    this.#scenario?.stop()
    closeWorks(this.#works)
    this.scheduler.close()
  }

  #open(): Works {
    return openWorks(this.scheduler, this.preset, this.#options, this.#parts, (events, verdict) =>
      this.#alerted(events, verdict),
    )
  }

  #alerted(events: readonly AlertEvent[], verdict: Verdict): void {
    for (const event of events) this.#options.log?.(alertEntry(event, verdict))
    this.#respond()
  }

  #respond(): void {
    const { log, scale = { rate: 1, time: 1 } } = this.#options
    const { verdict, options } = this.cascade
    if (verdict !== 'storm' || this.#hasResponded || !options.respond) return
    this.#hasResponded = true
    this.act(emergencyAction(this.preset, scale))
    log?.({
      atMs: this.#parts.now(),
      verdict,
      about: 'response',
      text: 'adaptive quotas, queue limit, breakers, fleet hint and voice scaling are on',
    })
  }
}
