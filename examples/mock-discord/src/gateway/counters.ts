/** What became of one request. */
export interface Taken {
  readonly ok: boolean
  /** Requests left right now. */
  readonly remaining: number
  /** Until there is more, in ms. */
  readonly waitMs: number
}

/** Counts requests per key against a limit. */
export interface Counters {
  /** A request finds a place only if `reserved` of the limit, a ratio, is left after it. */
  take(key: string, limit: Limit, nowMs: number, reserved?: number): Taken
}

/** So many requests in such a time. */
export interface Limit {
  readonly requests: number
  readonly windowMs: number
}

/** Keys remembered at most; a new one takes the place of the oldest. */
const maxKeys = 10_000

/** Counts in windows that begin at multiples of their length, for everybody alike. */
export class FixedWindows implements Counters {
  readonly #counts = new Map<string, number>()
  #window = Number.NaN

  take(key: string, { requests, windowMs }: Limit, nowMs: number, reserved = 0): Taken {
    const window = Math.floor(nowMs / windowMs)
    if (window !== this.#window) {
      this.#counts.clear()
      this.#window = window
    }
    const waitMs = (window + 1) * windowMs - nowMs
    const used = this.#counts.get(key) ?? 0
    const ok = used + 1 <= requests * (1 - reserved)
    if (ok) {
      makeRoom(this.#counts, key)
      this.#counts.set(key, used + 1)
    }
    return { ok, remaining: Math.max(0, Math.floor(requests - used - (ok ? 1 : 0))), waitMs }
  }
}

/** Token buckets that hold one window's requests and refill evenly. */
export class TokenBuckets implements Counters {
  readonly #buckets = new Map<string, { tokens: number; atMs: number }>()

  take(key: string, { requests, windowMs }: Limit, nowMs: number, reserved = 0): Taken {
    if (requests === Number.POSITIVE_INFINITY) return { ok: true, remaining: requests, waitMs: 0 }
    const size = Math.max(1, requests)
    let bucket = this.#buckets.get(key)
    if (!bucket) {
      makeRoom(this.#buckets, key)
      bucket = { tokens: requests === 0 ? 0 : size, atMs: nowMs }
      this.#buckets.set(key, bucket)
    }
    const perMs = requests / windowMs
    bucket.tokens = Math.min(size, bucket.tokens + perMs * (nowMs - bucket.atMs))
    bucket.atMs = nowMs
    // At least one token, also of a bucket too small to hold anything in reserve.
    const needed = Math.min(size, 1 + reserved * size)
    const ok = bucket.tokens >= needed
    if (ok) bucket.tokens--
    const missing = ok ? Math.max(0, 1 - bucket.tokens) : needed - bucket.tokens
    return {
      ok,
      remaining: Math.floor(bucket.tokens),
      waitMs: requests === 0 ? windowMs : missing / perMs,
    }
  }
}

function makeRoom(map: Map<string, unknown>, key: string): void {
  if (map.size >= maxKeys && !map.has(key)) map.delete(map.keys().next().value as string)
}
