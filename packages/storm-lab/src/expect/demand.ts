import type { Priority } from '@evenkeel/core'
import { didYouMean, UsageError } from '../modules/known.ts'
import { priorities } from '../scenario/priorities.ts'
import type { Fleet } from '../summary/fleets.ts'
import { type Measure, measured, measures, type Subject, toldOf } from './measures.ts'

/** How a figure is compared with a limit, and how that is told. */
const comparisons = {
  '<': { told: 'below', holds: (value: number, limit: number) => value < limit },
  '<=': { told: 'at most', holds: (value: number, limit: number) => value <= limit },
  '>': { told: 'above', holds: (value: number, limit: number) => value > limit },
  '>=': { told: 'at least', holds: (value: number, limit: number) => value >= limit },
} as const

/** What is expected of fleets. */
export interface Demand {
  readonly subject: Subject
  readonly comparison: keyof typeof comparisons
  readonly limit: number
}

/** What one fleet came to with one seed. */
export interface Measurement {
  readonly contender: string
  readonly seed: number
  readonly value: number | null
  readonly holds: boolean
}

/** What each fleet came to with each seed. @throws `UsageError` for a phase that there is not */
export function judge(
  { subject, comparison, limit }: Demand,
  fleets: readonly Fleet[],
): readonly Measurement[] {
  return fleets.flatMap(({ name, runs }) =>
    runs.map((run) => {
      const value = measured(subject, run)
      const holds = value !== null && comparisons[comparison].holds(value, limit)
      return { contender: name, seed: run.report.seed, value, holds }
    }),
  )
}

/** A demand in words: `attempts per call in the spike below 1.10`. */
export function toldDemand({ subject, comparison, limit }: Demand): string {
  if (limit === Number.POSITIVE_INFINITY) return 'a recovery'
  return `${toldOf(subject)} ${comparisons[comparison].told} ${measures[subject.measure].format(limit)}`
}

const pattern = /^(?:([^:]+):)?(\w+)(?:\.(\w+))?\s*(<=|>=|<|>)\s*(\d[\d_]*(?:\.\d+)?)$/
const example =
  "'survived', or such as 'attemptsPerCall<1.1', 'after:successRatio>=0.99', 'spike:successRatio.critical>0.9'"

/** Reads a demand as it is written on a command line. @throws `UsageError` for what is none */
export function readDemand(text: string): Demand {
  if (text === 'survived')
    return { subject: { measure: 'recoveryMs' }, comparison: '<', limit: Number.POSITIVE_INFINITY }
  const [, phase, measure = '', priority, comparison, limit = ''] = pattern.exec(text) ?? []
  if (!measure) throw new UsageError(`'${text}' is no expectation: ${example}`)
  if (!Object.hasOwn(measures, measure))
    throw new UsageError(
      `there is no measure '${measure}'${didYouMean(measure, Object.keys(measures))}`,
    )
  const isKnown = priority === undefined || (priorities as readonly string[]).includes(priority)
  if (!isKnown || (priority !== undefined && measure !== 'successRatio'))
    throw new UsageError(
      `'${measure}.${priority}': successRatio alone is known by priority, and that is ${priorities.join(', ')}`,
    )
  return {
    subject: { measure: measure as Measure, phase, priority: priority as Priority | undefined },
    comparison: comparison as Demand['comparison'],
    limit: Number(limit.replaceAll('_', '')),
  }
}
