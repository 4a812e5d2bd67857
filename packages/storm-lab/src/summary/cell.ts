import { type Fleet, median } from './fleets.ts'
import { type Row, rows, type Verdict } from './rows.ts'

/** What is shown of a figure. */
export interface Cell {
  readonly text: string
  readonly verdict: Verdict | undefined
}

/** The rows that a scenario knows something of. */
export function rowsFor(fleets: readonly Fleet[]): readonly Row[] {
  const isKnown = ({ value }: Row): boolean =>
    fleets.some(({ runs }) => runs.some((run) => value(run) !== null))
  return rows.filter((row) => !row.isOptional || isKnown(row))
}

/** A figure of a contender as it is shown: of several seeds the middle one and the span, judged by the worst. */
export function cellOf({ value, format, judge }: Row, { runs }: Fleet): Cell {
  const known = runs.flatMap((run) => value(run) ?? [])
  if (known.length === 0) return { text: format(null), verdict: judge?.(null) }
  const texts = [Math.min(...known), median(known), Math.max(...known)].map(format)
  const [low, middle = '', high] = texts
  const verdicts = known.map((each) => judge?.(each))
  const worst = (['bad', 'fair', 'good'] as const).find((verdict) => verdicts.includes(verdict))
  return { text: low === high ? middle : `${middle} (${low} – ${high})`, verdict: worst }
}
