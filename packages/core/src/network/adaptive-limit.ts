import type { NetworkMonitor } from './network-monitor-options.ts'

/** A limit of `@evenkeel/bulkhead`. */
export interface LimitLike {
  readonly value: number
  /** Takes in how a call ended. */
  ended?(failed: boolean, durationMs: number, inFlight: number): void
}

/**
 * Makes fewer calls be under way at once where the network is thin: half as many on a fair one, a quarter on a
 * poor one. For the option `limit` of `bulkhead()`; around a number, or a limit such as `aimd()`.
 */
export function adaptiveLimit(
  network: Pick<NetworkMonitor, 'adaptation'>,
  limit: number | (() => LimitLike) = 10,
): () => LimitLike {
  return () => {
    const inner: LimitLike = typeof limit === 'number' ? { value: limit } : limit()
    return {
      get value() {
        return Math.max(1, inner.value * network.adaptation.concurrencyFactor)
      },
      ended: (failed, durationMs, inFlight) => inner.ended?.(failed, durationMs, inFlight),
    }
  }
}
