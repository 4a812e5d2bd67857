import type { ContenderReport, Report } from '../report/report.ts'
import { type Trouble, troubleOf } from './trouble.ts'

/** One contender in one report. */
export interface FleetRun {
  readonly report: Report
  readonly contender: ContenderReport
  readonly trouble: Trouble
}

/** One contender in all reports, a report for each seed. */
export interface Fleet {
  readonly name: string
  readonly about: string
  readonly runs: readonly FleetRun[]
}

/** Turns reports of several seeds around: by contender. */
export function fleetsOf(reports: readonly Report[]): readonly Fleet[] {
  const [first] = reports
  if (!first) throw new RangeError('storm: there must be a report')
  return first.contenders.map(({ name, about }, which) => ({
    name,
    about,
    runs: reports.map((report) => {
      const contender = report.contenders[which]
      if (contender?.name !== name || report.scenario.name !== first.scenario.name)
        throw new RangeError('storm: the reports must be of the same scenario and contenders')
      return { report, contender, trouble: troubleOf(report, contender) }
    }),
  }))
}

/** The middle one of what fleets of several seeds came to; of two in the middle the larger. */
export function median(values: readonly number[]): number | null {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? null
}
