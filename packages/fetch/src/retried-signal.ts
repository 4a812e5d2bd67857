// Registered, so that two copies of this package agree.
const mark: unique symbol = Symbol.for('evenkeel.retried') as never

type Marked = AbortSignal & { [mark]?: true }

/**
 * Tells a fetch of evenkeel inside another that the outer one tries again, by the signal of the attempt: wrappers between
 * them pass that on, and no network, log or comparison sees it.
 */
export function markRetried(signal: AbortSignal): void {
  ;(signal as Marked)[mark] = true
}

/** Whether the signal is of an attempt that another fetch makes. */
export function isRetried(signal: AbortSignal | undefined): boolean {
  return !!(signal as Marked | undefined)?.[mark]
}
