import { sum, type Tick } from './tick.ts'

/** What has come in the window that is judged. */
export interface WindowSummary {
  readonly requestsPerSecond: number
  /** `null` when nothing has come. */
  readonly okRatio: number | null
  readonly meanMs: number
  readonly retriesPerFirst: number
}

/** Sums a window up, of looks that are `tickMs` apart. */
export function windowSummary(window: readonly Tick[], tickMs: number): WindowSummary {
  const requests = sum(window, (tick) => tick.requests)
  const retries = sum(window, (tick) => tick.retries)
  const bad = sum(window, ({ services, limited }) =>
    Object.values(services).reduce((total, { failures }) => total + failures, limited),
  )
  const spanMs = Math.max(1, window.length) * tickMs
  return {
    requestsPerSecond: (1_000 * requests) / spanMs,
    okRatio: requests === 0 ? null : 1 - bad / requests,
    meanMs: requests === 0 ? 0 : sum(window, (tick) => tick.durationMs) / requests,
    retriesPerFirst: retries / Math.max(1, requests - retries),
  }
}
