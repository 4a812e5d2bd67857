import type { Priority } from '@evenkeel/core'
import type { Phase } from '../scenario/scenario.ts'

/** What happened when contenders went through a scenario: plain data, the same for the same seed on every platform. */
export interface Report {
  /** Changes when what is below does. */
  readonly format: 1
  readonly scenario: ScenarioFacts
  readonly seed: number
  readonly clients: number
  /** Calls a second of a client in the busiest minute. */
  readonly callsPerClient: number
  /** The part of the backend's full size that was simulated. */
  readonly scale: number
  /** Calls a second that the backend can serve at best. */
  readonly capacity: number
  /** How much time each number of a series stands for. */
  readonly windowMs: number
  readonly contenders: readonly ContenderReport[]
}

/** What a report says of its scenario. */
export interface ScenarioFacts {
  readonly name: string
  readonly about: string
  readonly durationMs: number
  readonly trigger: readonly [fromMs: number, toMs: number]
  readonly peak: readonly [fromMs: number, toMs: number]
  /** What happened when, in words. */
  readonly events: readonly { readonly atMs: number; readonly label: string }[]
  /** All of it, with the defaults filled in. */
  readonly parameters: Readonly<Record<string, unknown>>
}

/** What happened to one contender. */
export interface ContenderReport {
  readonly name: string
  readonly about: string
  /** Whether its real code ran, or what it documents. */
  readonly runs: 'cores' | 'shells' | 'formula'
  readonly metrics: StormMetrics
  readonly phases: readonly PhaseFigures[]
  readonly series: Series
  /** How many events the simulator handled for it. */
  readonly events: number
}

/** The figures to compare contenders by. Ratios are from 0 to 1; `null` is for what never came. */
export interface StormMetrics {
  readonly attemptsPerCall: {
    readonly spike: number | null
    /** In the worst minute from the trigger on. */
    readonly peakMinute: number | null
    readonly after: number | null
  }
  readonly successRatio: {
    readonly spike: number | null
    readonly after: number | null
    /** In the last ten minutes, as far as they came after the trigger. */
    readonly end: number | null
  }
  /** Answers in the spike that were waited for, against what the backend can serve at best. */
  readonly goodputRatio: number
  /** Of the backend's work in the spike, the part that was for nobody. */
  readonly wastedRatio: number | null
  readonly latencyMs: { readonly spike: Quantiles; readonly after: Quantiles }
  /** From the end of the trigger until a minute begins of which 99 % succeed, and no ten seconds fewer. */
  readonly recoveryMs: number | null
  /** In the spike. */
  readonly successByPriority: Readonly<Record<Priority, number | null>>
  /** Jain's index of the clients' success ratios in the spike: 1 when all fare the same, `1 / n` when one of n has all. */
  readonly fairness: number | null
  /** Calls whose first attempt failed before the trigger, when all else was well. */
  readonly glitches: { readonly count: number; readonly mendedRatio: number | null }
  readonly peakAttemptsPerSecond: number
  /** Of a scenario with sockets. */
  readonly sockets?: SocketFigures
}

/** How sockets came back. */
export interface SocketFigures {
  /** How many connections were cut, all drops together. */
  readonly dropped: number
  readonly dialsPerDrop: number | null
  /** In the worst second, of all clients; the gateway can do `acceptsPerSecond`. */
  readonly peakDialsPerSecond: number
  readonly acceptsPerSecond: number
  /** Of the handshakes, those for dials that had been given up. */
  readonly wastedRatio: number | null
  /** From the end of a drop until 99 % of the clients are connected, the longest of all drops; `null` for never. */
  readonly backMs: number | null
  /** At the end. */
  readonly connectedRatio: number
}

/** Of successful calls, the time within which so many were answered. */
export interface Quantiles {
  readonly p50: number | null
  readonly p99: number | null
}

/** The figures of a phase. */
export interface PhaseFigures extends Phase {
  readonly calls: number
  readonly attemptsPerCall: number | null
  readonly peakMinuteAttemptsPerCall: number | null
  readonly successRatio: number | null
  readonly successByPriority: Readonly<Record<Priority, number | null>>
  /** Calls that never left the client. */
  readonly unsentRatio: number | null
  readonly goodputRatio: number
  readonly wastedRatio: number | null
  readonly latencyMs: Quantiles
  readonly cohorts: readonly CohortFigures[]
}

/** The figures of a part of the fleet. */
export interface CohortFigures {
  readonly name: string
  readonly calls: number
  readonly attemptsPerCall: number | null
  readonly successRatio: number | null
}

/** Numbers by window, to be drawn. What counts calls counts them by their start. */
export interface Series {
  readonly callsPerSecond: readonly number[]
  readonly attemptsPerSecond: readonly number[]
  readonly servedPerSecond: readonly number[]
  readonly rejectedPerSecond: readonly number[]
  readonly unsentPerSecond: readonly number[]
  readonly successRatio: readonly (number | null)[]
  readonly p50Ms: readonly (number | null)[]
  readonly p99Ms: readonly (number | null)[]
  readonly wastedRatio: readonly (number | null)[]
  readonly queued: readonly number[]
  readonly busy: readonly number[]
  /** What the server admits, from 0 to 3. */
  readonly level: readonly number[]
  /** Of a scenario with sockets. */
  readonly dialsPerSecond?: readonly number[]
  readonly connectedRatio?: readonly number[]
}
