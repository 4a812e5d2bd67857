import { Histogram } from './histogram.ts'
import { type RequestOutcome, requestOutcomes } from './request-outcome.ts'

/** What happened within one interval; gauges are as of its end. */
export interface SeriesRow extends Readonly<Record<RequestOutcome, number>> {
  /** The start of the interval in ms since the metrics began. */
  readonly atMs: number
  readonly requests: number
  readonly retries: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly inUse: number
  readonly queued: number
  readonly usefulMs: number
  readonly wastedMs: number
}

export interface Gauges {
  readonly inUse: number
  readonly queued: number
}

export interface SeriesOptions {
  /** One row's length in ms. */
  readonly intervalMs: number
  /** Rows kept; older ones are overwritten. */
  readonly rows: number
}

type Counts = Record<RequestOutcome | 'retries' | 'usefulMs' | 'wastedMs', number>

/** A ring of rows, one per interval, for charts. It has no timer: a row ends when something comes later. */
export class Series {
  readonly #gauges: () => Gauges
  readonly #intervalMs: number
  readonly #ring: (SeriesRow | undefined)[]
  readonly #durations = new Histogram()
  #counts = emptyCounts()
  #interval = 0
  #ended = 0

  constructor({ intervalMs, rows }: SeriesOptions, gauges: () => Gauges) {
    this.#intervalMs = intervalMs
    this.#ring = new Array(rows)
    this.#gauges = gauges
  }

  request(atMs: number, outcome: RequestOutcome, isRetry: boolean, durationMs: number): void {
    this.advance(atMs)
    this.#counts[outcome]++
    if (isRetry) this.#counts.retries++
    this.#durations.add(durationMs)
  }

  work(atMs: number, serviceMs: number, wasted: boolean): void {
    this.advance(atMs)
    this.#counts[wasted ? 'wastedMs' : 'usefulMs'] += serviceMs
  }

  /** Ends the rows that lie before `atMs`. */
  advance(atMs: number): void {
    const interval = Math.floor(atMs / this.#intervalMs)
    if (interval <= this.#interval) return
    this.#end()
    this.#counts = emptyCounts()
    this.#durations.clear()
    this.#interval = Math.max(this.#interval + 1, interval - this.#ring.length)
    for (; this.#interval < interval; this.#interval++) this.#end()
  }

  /** Gives the ended rows that began at `sinceMs` or later, oldest first. */
  rows(sinceMs = 0): SeriesRow[] {
    const size = this.#ring.length
    const rows: SeriesRow[] = []
    for (let index = Math.max(0, this.#ended - size); index < this.#ended; index++) {
      const row = this.#ring[index % size] as SeriesRow
      if (row.atMs >= sinceMs) rows.push(row)
    }
    return rows
  }

  #end(): void {
    let requests = 0
    for (const outcome of requestOutcomes) requests += this.#counts[outcome]
    this.#ring[this.#ended++ % this.#ring.length] = {
      atMs: this.#interval * this.#intervalMs,
      requests,
      ...this.#counts,
      p50Ms: this.#durations.quantileMs(0.5),
      p99Ms: this.#durations.quantileMs(0.99),
      ...this.#gauges(),
    }
  }
}

function emptyCounts(): Counts {
  return {
    ok: 0,
    invalid: 0,
    limited: 0,
    refused: 0,
    timeout: 0,
    abandoned: 0,
    error: 0,
    retries: 0,
    usefulMs: 0,
    wastedMs: 0,
  }
}
