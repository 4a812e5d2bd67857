import type { Scale } from '../backend/scaled.ts'
import {
  boolean,
  integer,
  number,
  partial,
  positive,
  type Reader,
  whole,
} from '../options/readers.ts'

/** From where on something is a warning, and from where on it is critical. */
export interface Threshold {
  readonly warning: number
  readonly critical: number
}

/** What the detection of cascades goes by. */
export interface CascadeOptions {
  readonly enabled: boolean
  /** Between two looks, in ms. */
  readonly tickMs: number
  /** Looks that are judged together. */
  readonly windowTicks: number
  /** Looks without a finding, after which its alert is over. */
  readonly clearTicks: number
  /** What is found again so soon after its alert was over, in ms, is the same alert, and still whose it was. */
  readonly returnMs: number
  /** An alert that nobody has taken on for so long, in ms, is passed on; and once more after as long again. */
  readonly escalateMs: Threshold
  /** Requests in a window, below which their ratios say nothing. */
  readonly minRequests: number
  /** Retries per first attempt. */
  readonly retryRatio: Threshold
  /** The share of retries that come too early or too often. */
  readonly violationRatio: Threshold
  /** The share of a service's requests that fail: 5xx, cut, or given up. */
  readonly errorRatio: Threshold
  /** How alike two services' error rates must move (Pearson's r) to be one failure. */
  readonly correlation: number
  /** The share of requests that are answered 429. */
  readonly limitedRatio: Threshold
  /** Requests, as a multiple of what is usual. */
  readonly trafficRatio: Threshold
  /** The mean time of a request, as a multiple of what is usual. */
  readonly latencyRatio: Threshold
  /** Until pool and queue are full if they go on filling as they do, in ms. */
  readonly exhaustionMs: Threshold
  /** The share of WebSocket upgrades that fail. */
  readonly upgradeFailureRatio: Threshold
  /** The busy share of a region's media servers. */
  readonly voiceCpuRatio: Threshold
  /** Whether a storm switches on what the incident's operators wished they had. */
  readonly respond: boolean
}

export type CascadePatch = Partial<CascadeOptions>

/** On, since looking changes nothing; in the time of a scale. */
export function defaultCascade({ time }: Pick<Scale, 'time'>): CascadeOptions {
  return {
    enabled: true,
    // However fast the model is, looking must cost it nothing.
    tickMs: Math.max(20, 1_000 / time),
    windowTicks: 10,
    clearTicks: 5,
    returnMs: 60_000 / time,
    // Response times of an on-call rotation (Site Reliability Engineering, ch. 11); the incident took 5 min to SEV-1.
    escalateMs: { warning: 1_800_000 / time, critical: 300_000 / time },
    minRequests: 20,
    // A retry budget of a tenth is the rule (Site Reliability Engineering, ch. 21); twice that is no accident.
    retryRatio: { warning: 0.2, critical: 1 },
    // Of the incident's clients 85 % broke their backoff.
    violationRatio: { warning: 0.3, critical: 0.7 },
    // 99.95 % succeed on a normal day, 40 % did at the peak.
    errorRatio: { warning: 0.05, critical: 0.3 },
    correlation: 0.6,
    limitedRatio: { warning: 0.05, critical: 0.3 },
    trafficRatio: { warning: 3, critical: 8 },
    latencyRatio: { warning: 4, critical: 20 },
    exhaustionMs: { warning: 60_000 / time, critical: 15_000 / time },
    upgradeFailureRatio: { warning: 0.1, critical: 0.5 },
    voiceCpuRatio: { warning: 0.85, critical: 0.95 },
    respond: false,
  }
}

const readThreshold = whole<Threshold>({ warning: positive, critical: positive }, [
  'warning',
  'critical',
])

/** Reads a threshold for what should be low. */
const threshold: Reader<Threshold> = (value, name) => {
  const read = readThreshold(value, name)
  if (read.critical >= read.warning) return read
  throw new RangeError(
    `${name}: critical must be ≥ warning (${read.warning}), got ${read.critical}`,
  )
}

/** Reads a threshold for a time that is left: the less, the worse. */
const timeLeft: Reader<Threshold> = (value, name) => {
  const read = readThreshold(value, name)
  if (read.critical <= read.warning) return read
  throw new RangeError(
    `${name}: critical must be ≤ warning (${read.warning}), got ${read.critical}`,
  )
}

/** Reads a change to the detection of cascades. */
export const readCascadePatch: Reader<CascadePatch> = partial<CascadeOptions>({
  enabled: boolean,
  tickMs: positive,
  windowTicks: integer(2, 600),
  clearTicks: integer(1),
  returnMs: number(0),
  escalateMs: timeLeft,
  minRequests: integer(1),
  retryRatio: threshold,
  violationRatio: threshold,
  errorRatio: threshold,
  correlation: number(0, 1),
  limitedRatio: threshold,
  trafficRatio: threshold,
  latencyRatio: threshold,
  exhaustionMs: timeLeft,
  upgradeFailureRatio: threshold,
  voiceCpuRatio: threshold,
  respond: boolean,
})
