import type { Lab, Outcome, Run } from './lab.ts'
import { number, percent, recoveries, seconds } from './words.ts'

/** A row of a section's table. */
export interface Row {
  readonly name: string
  cells(lab: Lab): Promise<readonly string[]>
}

/** A part of the page: prose, a table, prose. */
export interface Section {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly Row[]
  /** What comes before and after the table; every figure in it is of a run. */
  write(lab: Lab): Promise<readonly [before: string, after: string]>
}

/** A row of some runs of one fleet, and what is shown of them. */
export function rowOf(name: string, run: Run, show: readonly ((report: Outcome) => string)[]): Row {
  return {
    name,
    async cells(lab) {
      const report = await lab.run(run)
      return show.map((of) => of(report))
    },
  }
}

/** What tables show of a run. */
export const shown = {
  spikeAttempts: ({ metrics }: Outcome) => number(metrics.attemptsPerCall.spike),
  peakAttempts: ({ metrics }: Outcome) => number(metrics.attemptsPerCall.peakMinute),
  attemptsAfter: ({ metrics }: Outcome) => number(metrics.attemptsPerCall.after),
  spikeSuccess: ({ metrics }: Outcome) => percent(metrics.successRatio.spike),
  endSuccess: ({ metrics }: Outcome) => percent(metrics.successRatio.end),
  critical: ({ metrics }: Outcome) => percent(metrics.successByPriority.critical),
  important: ({ metrics }: Outcome) => percent(metrics.successByPriority.important),
  deferred: ({ metrics }: Outcome) => percent(metrics.successByPriority.deferred),
  goodput: ({ metrics }: Outcome) => percent(metrics.goodputRatio),
  waste: ({ metrics }: Outcome) => percent(metrics.wastedRatio),
  spikeP99: ({ metrics }: Outcome) => seconds(metrics.latencyMs.spike.p99),
  recovery: (report: Outcome) => recoveries([report]),
} as const
