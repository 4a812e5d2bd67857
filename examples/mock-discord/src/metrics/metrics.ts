import type { PoolObserver } from '../backend/pool-status.ts'
import { type Service, services } from '../backend/service.ts'
import type { ApiRequest } from '../stage.ts'
import { type ClientRow, ClientTable } from './client-table.ts'
import { Histogram } from './histogram.ts'
import { type HourStatus, LastHour } from './last-hour.ts'
import { type RequestOutcome, requestOutcome, requestOutcomes } from './request-outcome.ts'
import { type Gauges, Series, type SeriesRow } from './series.ts'

export interface MetricsOptions {
  readonly now: () => number
  readonly gauges: () => Gauges
  /** @defaultValue 1000, one row a second */
  readonly intervalMs?: number | undefined
  /** @defaultValue 3600, an hour of rows */
  readonly rows?: number | undefined
  /** @defaultValue 10000 */
  readonly maxClients?: number | undefined
}

export interface Durations {
  readonly count: number
  readonly meanMs: number
  readonly p50Ms: number
  readonly p99Ms: number
}

type OutcomeCounts = Readonly<Record<RequestOutcome, number>>

export interface MetricsSnapshot {
  readonly uptimeMs: number
  readonly requests: number
  readonly outcomes: OutcomeCounts
  readonly services: Readonly<Record<Service, OutcomeCounts>>
  /** Requests by status, with `gone` and `dropped` for those that got none. */
  readonly statuses: Readonly<Record<string, number>>
  /** 429s by who sent them. */
  readonly limitedBy: Readonly<Record<string, number>>
  readonly retries: number
  /** Requests per first attempt; 1 when nobody retries. */
  readonly amplification: number
  readonly durations: Durations
  /** The waits for a place in the pool. */
  readonly queueing: Durations
  readonly work: {
    readonly jobs: number
    readonly wastedJobs: number
    readonly usefulMs: number
    readonly wastedMs: number
  }
  readonly gauges: Gauges
  readonly clients: {
    readonly known: number
    readonly forgotten: number
    readonly kinds: readonly ClientRow[]
    readonly top: readonly ClientRow[]
  }
}

/** How a request ended, as {@link Metrics.request} wants it. */
export interface Ended {
  readonly by: string
  readonly status: number | 'dropped' | 'gone'
  readonly durationMs: number
  readonly retryAfterMs?: number | undefined
}

/** Counts what passes through the mock; each request costs a handful of additions. */
export class Metrics implements PoolObserver {
  readonly #now: () => number
  readonly #startedMs: number
  readonly #gauges: () => Gauges
  readonly #series: Series
  readonly #clients: ClientTable
  readonly #hour = new LastHour()
  readonly #services: Record<Service, Record<RequestOutcome, number>>
  readonly #statuses = new Map<string | number, number>()
  readonly #limitedBy = new Map<string, number>()
  readonly #durations = new Histogram()
  readonly #queueing = new Histogram()
  readonly #work = { jobs: 0, wastedJobs: 0, usefulMs: 0, wastedMs: 0 }
  #retries = 0

  constructor({
    now,
    gauges,
    intervalMs = 1_000,
    rows = 3_600,
    maxClients = 10_000,
  }: MetricsOptions) {
    this.#now = now
    this.#startedMs = now()
    this.#gauges = gauges
    this.#series = new Series({ intervalMs, rows }, gauges)
    this.#clients = new ClientTable(maxClients)
    this.#services = Object.fromEntries(
      services.map((service) => [service, emptyCounts()]),
    ) as Record<Service, Record<RequestOutcome, number>>
  }

  /** Counts a request that has ended; tells whether it was a retry too early or too often. */
  request(request: Pick<ApiRequest, 'service' | 'client' | 'attempt'>, ended: Ended): boolean {
    const { service, client, attempt } = request
    const { by, status, durationMs, retryAfterMs } = ended
    const endedMs = this.#now() - this.#startedMs
    const outcome = requestOutcome(status)
    this.#services[service][outcome]++
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1)
    if (outcome === 'limited') this.#limitedBy.set(by, (this.#limitedBy.get(by) ?? 0) + 1)
    if (attempt > 1) this.#retries++
    this.#durations.add(durationMs)
    this.#series.request(endedMs, outcome, attempt > 1, durationMs)
    const arrivedMs = endedMs - durationMs
    const { kind, isViolation } = this.#clients.record({
      client,
      attempt,
      outcome,
      arrivedMs,
      endedMs,
      retryAfterMs,
    })
    this.#hour.request(endedMs, { service, kind, outcome, isRetry: attempt > 1, isViolation })
    return isViolation
  }

  onStarted(queuedMs: number): void {
    this.#queueing.add(queuedMs)
  }

  onFinished(serviceMs: number, wasted: boolean): void {
    this.#work.jobs++
    if (wasted) this.#work.wastedJobs++
    this.#work[wasted ? 'wastedMs' : 'usefulMs'] += serviceMs
    this.#series.work(this.#now() - this.#startedMs, serviceMs, wasted)
  }

  /** Gives the rows of the time series that began `sinceMs` after the start or later. */
  series(sinceMs?: number): SeriesRow[] {
    this.#series.advance(this.#now() - this.#startedMs)
    return this.#series.rows(sinceMs)
  }

  /** Gives what happened within the last hour. */
  hour(): HourStatus {
    return this.#hour.status(this.#now() - this.#startedMs)
  }

  snapshot(topClients = 20): MetricsSnapshot {
    const outcomes = emptyCounts()
    let requests = 0
    for (const counts of Object.values(this.#services)) {
      for (const outcome of requestOutcomes) {
        outcomes[outcome] += counts[outcome]
        requests += counts[outcome]
      }
    }
    return {
      uptimeMs: this.#now() - this.#startedMs,
      requests,
      outcomes,
      services: structuredClone(this.#services),
      statuses: Object.fromEntries(this.#statuses),
      limitedBy: Object.fromEntries(this.#limitedBy),
      retries: this.#retries,
      amplification: requests > this.#retries ? requests / (requests - this.#retries) : 1,
      durations: durations(this.#durations),
      queueing: durations(this.#queueing),
      work: { ...this.#work },
      gauges: this.#gauges(),
      clients: {
        known: this.#clients.size,
        forgotten: this.#clients.forgotten,
        kinds: this.#clients.kinds,
        top: this.#clients.top(topClients),
      },
    }
  }
}

function emptyCounts(): Record<RequestOutcome, number> {
  return { ok: 0, invalid: 0, limited: 0, refused: 0, timeout: 0, abandoned: 0, error: 0 }
}

function durations(histogram: Histogram): Durations {
  return {
    count: histogram.count,
    meanMs: histogram.count === 0 ? 0 : histogram.sumMs / histogram.count,
    p50Ms: histogram.quantileMs(0.5),
    p99Ms: histogram.quantileMs(0.99),
  }
}
