import type { Report, StormMetrics } from '../src/index.ts'

/** What a test sets of a contender's figures. */
export interface Figures {
  readonly recoveryMs?: number | null
  readonly fairness?: number | null
  /** Success afterwards. */
  readonly after?: number | null
}

/** A report with other figures for its contenders, in their order. */
export function withMetrics(report: Report, ...each: readonly Figures[]): Report {
  return {
    ...report,
    contenders: report.contenders.map((contender, at) => {
      const { after = contender.metrics.successRatio.after, ...figures } = each[at] ?? {}
      const successRatio = { ...contender.metrics.successRatio, after }
      const metrics: StormMetrics = { ...contender.metrics, ...figures, successRatio }
      return { ...contender, metrics }
    }),
  }
}
