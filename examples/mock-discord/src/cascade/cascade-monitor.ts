import type { Scheduled, Scheduler } from '../backend/scheduler.ts'
import type { Service } from '../backend/service.ts'
import type { RequestOutcome } from '../metrics/request-outcome.ts'
import type { Acknowledgement, Alert, AlertEvent } from './alert.ts'
import { Alerts } from './alerts.ts'
import type { CascadeOptions, CascadePatch } from './cascade-options.ts'
import { cascade, errors } from './error-correlation.ts'
import type { Detector, Usual } from './finding.ts'
import { exhaustion } from './forecast.ts'
import { backoffViolations, limiting, retryRate } from './retry-rate.ts'
import { newTick, sum, type Tick, type TickGauges } from './tick.ts'
import { latency, sockets, traffic, voice } from './traffic-pattern.ts'
import { type WindowSummary, windowSummary } from './window-summary.ts'

/** How it all looks, in a word: `storm` with a critical alert, `strained` with a warning. */
export type Verdict = 'calm' | 'strained' | 'storm'

export interface CascadeStatus {
  readonly verdict: Verdict
  readonly alerts: readonly Alert[]
  readonly history: readonly Alert[]
  readonly raised: Readonly<Record<string, number>>
  readonly escalated: Readonly<Record<string, number>>
  /** `undefined` until it has been calm for a window. */
  readonly usual: Usual | undefined
  readonly now: WindowSummary
}

/** A request that has ended. */
export interface EndedRequest {
  readonly service: Service
  readonly outcome: RequestOutcome
  readonly isRetry: boolean
  /** Whether it was a retry too early or too often. */
  readonly isViolation: boolean
  readonly durationMs: number
}

export interface CascadeParts {
  readonly gauges: () => TickGauges
  /** Epoch ms, for people. */
  readonly wallNow: () => number
  /** Told of every change. */
  readonly onEvents: (events: readonly AlertEvent[], verdict: Verdict) => void
}

const detectors: readonly Detector[] = [
  cascade,
  exhaustion,
  retryRate,
  errors,
  backoffViolations,
  limiting,
  latency,
  sockets,
  voice,
  traffic,
]

const failed: ReadonlySet<RequestOutcome> = new Set(['refused', 'timeout', 'abandoned', 'error'])

/** How much a calm tick adds to what is usual. */
const learning = 0.05

/** Watches all that passes for what turns an overload into an outage, and says so before it has. */
export class CascadeMonitor {
  readonly #scheduler: Scheduler
  readonly #parts: CascadeParts
  readonly #alerts = new Alerts()
  #options: CascadeOptions
  #window: Tick[] = []
  #current = newTick()
  #usual: Usual | undefined
  #next: Scheduled | undefined

  constructor(scheduler: Scheduler, options: CascadeOptions, parts: CascadeParts) {
    this.#scheduler = scheduler
    this.#options = options
    this.#parts = parts
    this.configure({})
  }

  get options(): CascadeOptions {
    return this.#options
  }

  get verdict(): Verdict {
    const [worst] = this.#alerts.active
    return worst ? (worst.severity === 'critical' ? 'storm' : 'strained') : 'calm'
  }

  get status(): CascadeStatus {
    const { active: alerts, history, raised, escalated } = this.#alerts
    return {
      verdict: this.verdict,
      alerts,
      history,
      raised,
      escalated,
      usual: this.#usual,
      now: windowSummary(this.#window, this.#options.tickMs),
    }
  }

  configure(patch: CascadePatch): void {
    this.#options = { ...this.#options, ...patch }
    this.#next?.cancel()
    this.#window = []
    this.#current = newTick()
    if (this.#options.enabled) this.#await()
    else this.#tell([])
  }

  /** Finds an alert that is open, or one of those that are remembered. */
  alert(id: number): Alert | undefined {
    return this.#alerts.find(id)
  }

  /** Notes who has taken an alert on; `undefined` when it is not open. */
  acknowledge(id: number, by: Acknowledgement): Alert | undefined {
    const event = this.#alerts.acknowledge(id, by, this.#parts.wallNow())
    if (event) this.#parts.onEvents([event], this.verdict)
    return event?.alert
  }

  request({ service, outcome, isRetry, isViolation, durationMs }: EndedRequest): void {
    const tick = this.#current
    const counts = tick.services[service]
    counts.requests++
    if (failed.has(outcome)) counts.failures++
    tick.requests++
    tick.durationMs += durationMs
    if (isRetry) tick.retries++
    if (isViolation) tick.violations++
    if (outcome === 'limited') tick.limited++
  }

  close(): void {
    this.#next?.cancel()
  }

  #await(): void {
    this.#next = this.#scheduler.schedule(() => {
      this.#look()
      this.#await()
    }, this.#options.tickMs)
  }

  #look(): void {
    const { windowTicks } = this.#options
    this.#current.gauges = this.#parts.gauges()
    this.#window = [...this.#window, this.#current].slice(-windowTicks)
    this.#current = newTick()
    this.#tell(
      detectors.flatMap((detect) => detect(this.#window, this.#options, this.#usual) ?? []),
    )
    if (this.verdict === 'calm' && this.#window.length === windowTicks) this.#learn()
  }

  #tell(findings: Parameters<Alerts['update']>[0]): void {
    const { clearTicks, enabled } = this.#options
    const events = this.#alerts.update(
      findings,
      { ...this.#options, clearTicks: enabled ? clearTicks : 1 },
      { nowMs: this.#scheduler.now(), wallMs: this.#parts.wallNow() },
    )
    if (events.length > 0) this.#parts.onEvents(events, this.verdict)
  }

  #learn(): void {
    const requests = sum(this.#window, (tick) => tick.requests)
    if (requests < this.#options.minRequests) return
    const requestsPerTick = requests / this.#window.length
    const meanMs = sum(this.#window, (tick) => tick.durationMs) / requests
    const before = this.#usual ?? { requestsPerTick, meanMs }
    this.#usual = {
      requestsPerTick:
        before.requestsPerTick + learning * (requestsPerTick - before.requestsPerTick),
      meanMs: before.meanMs + learning * (meanMs - before.meanMs),
    }
  }
}
