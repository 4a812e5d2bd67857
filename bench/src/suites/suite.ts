import type { Report } from '../report/report.ts'

/** What every suite is told. */
export interface SuiteOptions {
  /** How often each contender has its turn. @defaultValue what the suite needs for a steady median */
  readonly rounds: number | undefined
  /** Hears what is being done, for whoever waits. */
  readonly progress: (text: string) => void
}

/** One thing that is measured. */
export interface Suite {
  readonly name: string
  readonly title: string
  run(options: SuiteOptions): Promise<Report>
}
