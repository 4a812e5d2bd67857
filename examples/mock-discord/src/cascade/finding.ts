import type { CascadeOptions, Threshold } from './cascade-options.ts'
import type { Tick } from './tick.ts'

export type Severity = 'warning' | 'critical'

/** What a detector looks for. */
export type AlertKind =
  | 'retries'
  | 'backoff'
  | 'errors'
  | 'cascade'
  | 'limiting'
  | 'traffic'
  | 'latency'
  | 'exhaustion'
  | 'sockets'
  | 'voice'

/** What a detector has found in a window. */
export interface Finding {
  readonly kind: AlertKind
  readonly severity: Severity
  /** What was measured, in the unit of its threshold. */
  readonly value: number
  /** For people, with the figures. */
  readonly text: string
}

/** What is usual, learned while nothing was found. */
export interface Usual {
  readonly requestsPerTick: number
  readonly meanMs: number
}

/** Looks for one thing in a window. */
export type Detector = (
  window: readonly Tick[],
  options: CascadeOptions,
  usual: Usual | undefined,
) => Finding | undefined

/** How bad a value is that should be low. */
function severityOf(value: number, { warning, critical }: Threshold): Severity | undefined {
  if (value >= critical) return 'critical'
  return value >= warning ? 'warning' : undefined
}

/** Orders severities. */
export const rankOf = (severity: Severity): number => (severity === 'critical' ? 2 : 1)

/** Whether one finding of a kind is worse than another. */
export function isWorse(a: Finding, b: Omit<Finding, 'kind'>): boolean {
  const by = rankOf(a.severity) - rankOf(b.severity)
  if (by !== 0) return by > 0
  // The less time is left, the worse.
  return a.kind === 'exhaustion' ? a.value < b.value : a.value > b.value
}

/** Makes a finding of a value that should be low. */
export function finding(
  kind: AlertKind,
  value: number,
  threshold: Threshold,
  text: string,
): Finding | undefined {
  const severity = severityOf(value, threshold)
  return severity && { kind, severity, value, text }
}

export const share = (ratio: number): string => `${Math.round(100 * ratio)} %`
