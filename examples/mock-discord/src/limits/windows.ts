/** What a window says to one request. */
export interface Taken {
  readonly ok: boolean
  readonly remaining: number
  readonly resetAt: number
}

/** Counts requests per key; keys whose window is over are swept, so that the map stays bounded. */
export interface Windows {
  take(key: string, limit: number, windowMs: number, now: number): Taken
  readonly size: number
}

const firstSweep = 1024

/** Windows that open with their first request and end `windowMs` later, however full. */
export function fixedWindows(): Windows {
  const windows = new Map<string, { used: number; resetAt: number }>()
  let sweepAt = firstSweep
  return {
    get size() {
      return windows.size
    },
    take(key, limit, windowMs, now) {
      let window = windows.get(key)
      if (!window || now >= window.resetAt) {
        window = { used: 0, resetAt: now + windowMs }
        windows.set(key, window)
        if (windows.size > sweepAt) {
          for (const [old, { resetAt }] of windows) if (now >= resetAt) windows.delete(old)
          sweepAt = Math.max(firstSweep, windows.size * 2)
        }
      }
      const ok = window.used < limit
      if (ok) window.used++
      return { ok, remaining: Math.max(0, limit - window.used), resetAt: window.resetAt }
    },
  }
}

/** Windows that look back `windowMs` from every request, so that no two of them add up at a border. */
export function slidingWindows(): Windows {
  const logs = new Map<string, number[]>()
  let sweepAt = firstSweep
  return {
    get size() {
      return logs.size
    },
    take(key, limit, windowMs, now) {
      const log = (logs.get(key) ?? []).filter((at) => at > now - windowMs)
      const ok = log.length < limit
      if (ok) log.push(now)
      logs.set(key, log)
      if (logs.size > sweepAt) {
        for (const [old, times] of logs) {
          if ((times.at(-1) ?? 0) <= now - windowMs) logs.delete(old)
        }
        sweepAt = Math.max(firstSweep, logs.size * 2)
      }
      return { ok, remaining: limit - log.length, resetAt: (log[0] ?? now) + windowMs }
    },
  }
}
