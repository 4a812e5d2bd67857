import type { ContenderReport, Report } from '../report/report.ts'
import { ratioOf } from '../report/round.ts'

/** How a contender's users and server fared while it was bad, and for how long it was. */
export interface Trouble {
  readonly attemptsPerCall: number | null
  readonly successRatio: number | null
  /** How long less than 99 % of the calls succeeded, from the trigger on. */
  readonly belowMs: number
}

/** What success must not fall below. */
const well = 0.99

/** The figures of the trigger as a whole, from the series. */
export function troubleOf(
  { scenario: { trigger }, windowMs }: Report,
  { series }: ContenderReport,
): Trouble {
  let calls = 0
  let attempts = 0
  let succeeded = 0
  let belowMs = 0
  for (const [at, ratio] of series.successRatio.entries()) {
    const fromMs = at * windowMs
    if (fromMs < trigger[0]) continue
    if (ratio !== null && ratio < well) belowMs += windowMs
    if (fromMs >= trigger[1]) continue
    const started = series.callsPerSecond[at] as number
    calls += started
    attempts += series.attemptsPerSecond[at] as number
    succeeded += started * (ratio ?? 0)
  }
  return {
    attemptsPerCall: ratioOf(attempts, calls),
    successRatio: ratioOf(succeeded, calls),
    belowMs,
  }
}
