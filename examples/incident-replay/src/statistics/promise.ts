import type { WorldSummary } from './world-summary.ts'

/** One thing that evenkeel says of itself, and whether this run bears it out. */
export interface PromiseCheck {
  readonly text: string
  readonly measured: string
  readonly kept: boolean
}

const maxDuring = 1.2
/** What rounds to 1.0. */
const maxAfter = 1.05
const minSuccess = 0.99

const fixed = (value: number | undefined) => value?.toFixed(2) ?? 'none'
const percent = (ratio: number | undefined) =>
  ratio === undefined ? 'none' : `${(ratio * 100).toFixed(1)} %`

/** Holds a world's figures against what evenkeel promises. */
export function checkPromise({ during, drained }: WorldSummary): readonly PromiseCheck[] {
  return [
    {
      text: `at most ${maxDuring} attempts per call in the spike`,
      measured: fixed(during.attemptsPerCall),
      kept: (during.attemptsPerCall ?? Number.POSITIVE_INFINITY) <= maxDuring,
    },
    {
      text: "1.0 attempts per call once the server's queue has drained",
      measured: fixed(drained?.attemptsPerCall),
      kept: (drained?.attemptsPerCall ?? Number.POSITIVE_INFINITY) < maxAfter,
    },
    {
      text: "over 99 % success once the server's queue has drained",
      measured: percent(drained?.successRatio),
      kept: (drained?.successRatio ?? 0) > minSuccess,
    },
  ]
}
