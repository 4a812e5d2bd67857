import type { Scheduler } from '../backend/scheduler.ts'

/** How often clients may begin a session. */
export interface IdentifyLimitOptions {
  readonly maxConcurrency: number
  readonly identifyWindowMs: number
  readonly sessionStarts: number
  readonly sessionStartsWindowMs: number
}

interface Starts {
  readonly windowEndsMs: number
  used: number
}

/** Credentials remembered at most; the oldest goes first. */
const maxCredentials = 10_000

/** Counts IDENTIFYs per credential: so many at once by shard, and so many a day. */
export class IdentifyLimits {
  readonly #scheduler: Scheduler
  readonly #options: () => IdentifyLimitOptions
  readonly #starts = new Map<string, Starts>()
  readonly #lastByKey = new Map<string, Map<number, number>>()

  constructor(scheduler: Scheduler, options: () => IdentifyLimitOptions) {
    this.#scheduler = scheduler
    this.#options = options
  }

  /** Takes a place: `early` when the shard's bucket had one within the window, `spent` after the last of the day. */
  take(credential: string, shardId: number): 'ok' | 'early' | 'spent' {
    const { maxConcurrency, identifyWindowMs } = this.#options()
    const nowMs = this.#scheduler.now()
    const starts = this.#startsOf(credential)
    if (starts.used >= this.#options().sessionStarts) return 'spent'
    const lastByKey = this.#lastByKey.get(credential) ?? new Map<number, number>()
    const key = shardId % maxConcurrency
    const last = lastByKey.get(key)
    if (last !== undefined && nowMs - last < identifyWindowMs) return 'early'
    lastByKey.set(key, nowMs)
    put(this.#lastByKey, credential, lastByKey)
    starts.used++
    put(this.#starts, credential, starts)
    return 'ok'
  }

  /** What `GET /gateway/bot` says of it. */
  status(credential: string) {
    const { sessionStarts, maxConcurrency } = this.#options()
    const { used, windowEndsMs } = this.#startsOf(credential)
    return {
      total: sessionStarts,
      remaining: Math.max(0, sessionStarts - used),
      reset_after: Math.max(0, Math.ceil(windowEndsMs - this.#scheduler.now())),
      max_concurrency: maxConcurrency,
    }
  }

  reset(): void {
    this.#starts.clear()
    this.#lastByKey.clear()
  }

  #startsOf(credential: string): Starts {
    const nowMs = this.#scheduler.now()
    const known = this.#starts.get(credential)
    if (known && known.windowEndsMs > nowMs) return known
    return { windowEndsMs: nowMs + this.#options().sessionStartsWindowMs, used: 0 }
  }
}

function put<T>(map: Map<string, T>, key: string, value: T): void {
  if (map.size >= maxCredentials && !map.has(key)) map.delete(map.keys().next().value as string)
  map.set(key, value)
}
