import type { Priority } from '@evenkeel/core'
import { didYouMean, knownAs, UsageError } from '../modules/known.ts'
import type { PhaseFigures } from '../report/report.ts'
import type { FleetRun } from '../summary/fleets.ts'
import { duration, percent, times } from '../summary/format.ts'

/** What can be expected of a phase, by its name in a report. */
export type PhaseMeasure =
  | 'attemptsPerCall'
  | 'peakMinuteAttemptsPerCall'
  | 'successRatio'
  | 'unsentRatio'
  | 'goodputRatio'
  | 'wastedRatio'
  | 'p50Ms'
  | 'p99Ms'

/** What can be expected of a storm. */
export type Measure = PhaseMeasure | 'recoveryMs'

/** Which figure is meant. */
export interface Subject {
  readonly measure: Measure
  /** @defaultValue the spike */
  readonly phase?: string | undefined
  /** Whose calls; success alone is known by priority. */
  readonly priority?: Priority | undefined
}

interface Kind {
  readonly label: string
  readonly format: (value: number | null) => string
  readonly of?: (figures: PhaseFigures) => number | null
}

/** The measures, as they are told. */
export const measures: Readonly<Record<Measure, Kind>> = {
  attemptsPerCall: {
    label: 'attempts per call',
    format: times,
    of: (each) => each.attemptsPerCall,
  },
  peakMinuteAttemptsPerCall: {
    label: 'attempts per call in the worst minute',
    format: times,
    of: (each) => each.peakMinuteAttemptsPerCall,
  },
  successRatio: { label: 'success', format: percent, of: (each) => each.successRatio },
  unsentRatio: { label: 'calls never sent', format: percent, of: (each) => each.unsentRatio },
  goodputRatio: { label: 'goodput of capacity', format: percent, of: (each) => each.goodputRatio },
  wastedRatio: { label: 'wasted work', format: percent, of: (each) => each.wastedRatio },
  p50Ms: { label: 'median latency', format: duration, of: (each) => each.latencyMs.p50 },
  p99Ms: { label: 'p99 latency', format: duration, of: (each) => each.latencyMs.p99 },
  recoveryMs: {
    label: 'recovery',
    format: (ms) => (ms === null || ms === Infinity ? 'never' : duration(ms)),
  },
}

/** What a subject came to in a run; a recovery that never came is `Infinity`, a phase without calls `null`. */
export function measured(
  { measure, phase = 'spike', priority }: Subject,
  run: FleetRun,
): number | null {
  const { contender } = run
  const { of } = measures[measure]
  if (!of) return contender.metrics.recoveryMs ?? Number.POSITIVE_INFINITY
  const figures = contender.phases.find(({ name }) => name === phase)
  if (!figures) {
    const known = contender.phases.map(({ name }) => name)
    throw new UsageError(
      `${run.report.scenario.name} has no phase '${phase}'${didYouMean(phase, known)}`,
    )
  }
  return priority ? knownAs('priority', figures.successByPriority, priority) : of(figures)
}

/** A subject in words: `success of critical calls in the spike`. */
export function toldOf({ measure, phase = 'spike', priority }: Subject): string {
  const { label, of } = measures[measure]
  const whose = priority ? ` of ${priority} calls` : ''
  if (!of) return label
  const when =
    phase === 'before' || phase === 'after'
      ? ` ${phase} the trigger`
      : phase === 'spike'
        ? ' in the spike'
        : ` in '${phase}'`
  return label + whose + when
}
