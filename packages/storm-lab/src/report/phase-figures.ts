import type { Priority } from '@evenkeel/core'
import { Histogram } from '../metrics/histogram.ts'
import { type Windows, windowMs } from '../metrics/windows.ts'
import { priorities } from '../scenario/priorities.ts'
import type { Phase } from '../scenario/scenario.ts'
import type { PhaseFigures } from './report.ts'
import { ratioOf, rounded } from './round.ts'

/** What the figures of a phase are made from. */
export interface PhaseSource {
  readonly windows: Windows
  readonly cohortNames: readonly string[]
  readonly capacity: number
}

/** The sum of a column over the windows of a time. */
export function sumOf(
  { count }: Windows,
  column: Float64Array | undefined,
  { fromMs, toMs }: Pick<Phase, 'fromMs' | 'toMs'>,
): number {
  let sum = 0
  const end = Math.min(count, Math.ceil(toMs / windowMs))
  for (let at = Math.floor(fromMs / windowMs); at < end; at++) sum += column?.[at] ?? 0
  return sum
}

/** The most attempts for each call in a minute that begins within the phase. */
export function peakMinute(windows: Windows, { fromMs, toMs }: Phase): number | null {
  let peak: number | null = null
  for (let atMs = fromMs; atMs < toMs; atMs += 60_000) {
    const minute = { fromMs: atMs, toMs: Math.min(toMs, atMs + 60_000) }
    const calls = sumOf(windows, windows.calls, minute)
    if (calls) peak = Math.max(peak ?? 0, sumOf(windows, windows.attempts, minute) / calls)
  }
  return peak === null ? peak : rounded(peak)
}

/** The figures of a phase. */
export function phaseFigures(
  { windows, cohortNames, capacity }: PhaseSource,
  phase: Phase,
): PhaseFigures {
  const sum = (column: Float64Array | undefined): number => sumOf(windows, column, phase)
  const calls = sum(windows.calls)
  const wastedMs = sum(windows.wastedMs)
  const latency = new Histogram()
  const end = Math.min(windows.count, Math.ceil(phase.toMs / windowMs))
  for (let at = Math.floor(phase.fromMs / windowMs); at < end; at++)
    latency.addAll(windows.latency[at] as Histogram)
  const byPriority = priorities.map((name, rank): [Priority, number | null] => [
    name,
    ratioOf(sum(windows.succeededByPriority[rank]), sum(windows.callsByPriority[rank])),
  ])
  return {
    ...phase,
    calls,
    attemptsPerCall: ratioOf(sum(windows.attempts), calls),
    peakMinuteAttemptsPerCall: peakMinute(windows, phase),
    successRatio: ratioOf(sum(windows.succeeded), calls),
    successByPriority: Object.fromEntries(byPriority) as Record<Priority, number | null>,
    unsentRatio: ratioOf(sum(windows.unsent), calls),
    goodputRatio: rounded(sum(windows.served) / ((capacity * (phase.toMs - phase.fromMs)) / 1000)),
    wastedRatio: ratioOf(wastedMs, wastedMs + sum(windows.usefulMs)),
    latencyMs: { p50: latency.quantileMs(0.5), p99: latency.quantileMs(0.99) },
    cohorts: cohortNames.map((name, cohort) => {
      const own = sum(windows.callsByCohort[cohort])
      return {
        name,
        calls: own,
        attemptsPerCall: ratioOf(sum(windows.attemptsByCohort[cohort]), own),
        successRatio: ratioOf(sum(windows.succeededByCohort[cohort]), own),
      }
    }),
  }
}
