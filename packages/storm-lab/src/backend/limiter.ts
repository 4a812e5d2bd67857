/** What a gateway lets through. All rates are those of the full size. */
export interface LimiterOptions {
  /**
   * `fixed-window`: so many in each window of the clock. `token-bucket`: at an even rate. `slots`: at
   * an even rate, and each refusal is given a moment of its own at which to come. `adaptive`: at the
   * rate that keeps the service's queue short, moved each second, up by a hundredth of `perSecond` and down by a fifth.
   */
  readonly kind: 'fixed-window' | 'token-bucket' | 'slots' | 'adaptive'
  readonly perSecond: number
  /** Of `fixed-window`. @defaultValue 60_000 */
  readonly windowMs?: number | undefined
  /** Of `adaptive`: the wait in the queue to keep below. @defaultValue 200 */
  readonly targetQueueMs?: number | undefined
  /** Whether a 429 says when to come again. @defaultValue `true` */
  readonly hasRetryAfter?: boolean | undefined
}

/** Decides on attempts as they come. */
export interface Limiter {
  /** The wait to give to one that is refused; -1 to let it through. */
  refusal(nowMs: number): number
  /** What an adaptive limiter steers by, once a second. */
  observe?(queueMs: number): void
}

/** The limiter of a gateway that simulates `scale` of the full size. */
export function limiterOf(options: LimiterOptions, scale: number): Limiter {
  const perMs = (options.perSecond * scale) / 1000
  switch (options.kind) {
    case 'fixed-window':
      return fixedWindow(perMs, options.windowMs ?? 60_000)
    case 'slots':
      return slots(perMs)
    case 'token-bucket':
      return tokenBucket(() => perMs)
    case 'adaptive':
      return adaptive(perMs, options.targetQueueMs ?? 200)
  }
}

function fixedWindow(perMs: number, windowMs: number): Limiter {
  const quota = Math.max(1, Math.round(perMs * windowMs))
  let window = -1
  let used = 0
  return {
    refusal(nowMs) {
      const current = Math.floor(nowMs / windowMs)
      if (current !== window) used = 0
      window = current
      if (used++ < quota) return -1
      return (current + 1) * windowMs - nowMs
    },
  }
}

/** Half a second's worth may come at once. */
function tokenBucket(perMs: () => number): Limiter {
  let tokens = 0
  let atMs = 0
  return {
    refusal(nowMs) {
      const rate = perMs()
      tokens = Math.min(Math.max(1, 500 * rate), tokens + (nowMs - atMs) * rate)
      atMs = nowMs
      if (tokens < 1) return (1 - tokens) / rate
      tokens--
      return -1
    },
  }
}

function slots(perMs: number): Limiter {
  const bucket = tokenBucket(() => perMs)
  let nextMs = 0
  return {
    refusal(nowMs) {
      const waitMs = bucket.refusal(nowMs)
      if (waitMs < 0) return waitMs
      nextMs = Math.max(nextMs, nowMs + waitMs) + 1 / perMs
      return nextMs - nowMs
    },
  }
}

function adaptive(maxPerMs: number, targetQueueMs: number): Limiter {
  let perMs = maxPerMs
  return {
    ...tokenBucket(() => perMs),
    observe(queueMs) {
      perMs =
        queueMs > targetQueueMs
          ? Math.max(maxPerMs / 100, perMs * 0.8)
          : Math.min(maxPerMs, perMs + maxPerMs / 100)
    },
  }
}
