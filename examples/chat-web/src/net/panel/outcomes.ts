/** How the attempts of one second ended. */
interface SecondOutcomes {
  /** The server did what was asked, or said for good that it does not. */
  readonly answered: number
  /** The server said: come again. */
  readonly refused: number
  /** Nothing came back. */
  readonly failed: number
}

export type Outcome = keyof SecondOutcomes

/** The attempts of the last minute, by the second in which they ended. */
export interface Outcomes {
  /** The second of the last entry. */
  readonly lastSecond: number
  /** At most {@link windowSeconds}, the oldest first. */
  readonly seconds: readonly SecondOutcomes[]
}

export const windowSeconds = 60

const nothing: SecondOutcomes = { answered: 0, refused: 0, failed: 0 }

export const noOutcomes: Outcomes = { lastSecond: 0, seconds: [] }

/** The outcomes as of now: what is older than a minute is gone, seconds without any are there. */
export function outcomesAt({ lastSecond, seconds }: Outcomes, nowMs: number): Outcomes {
  const second = Math.floor(nowMs / 1000)
  const passed = Math.min(Math.max(0, second - lastSecond), windowSeconds)
  if (passed === 0 && seconds.length > 0) return { lastSecond, seconds }
  const filled = [...seconds, ...Array<SecondOutcomes>(Math.max(1, passed)).fill(nothing)]
  return { lastSecond: Math.max(second, lastSecond), seconds: filled.slice(-windowSeconds) }
}

/** The outcomes with one more. */
export function withOutcome(outcomes: Outcomes, outcome: Outcome, nowMs: number): Outcomes {
  const { lastSecond, seconds } = outcomesAt(outcomes, nowMs)
  const last = seconds.at(-1) ?? nothing
  return {
    lastSecond,
    seconds: [...seconds.slice(0, -1), { ...last, [outcome]: last[outcome] + 1 }],
  }
}

/** How many attempts of the last `forSeconds` ended so. */
export function countOf(
  outcomes: Outcomes,
  outcome: Outcome,
  nowMs: number,
  forSeconds: number = windowSeconds,
): number {
  return outcomesAt(outcomes, nowMs)
    .seconds.slice(-forSeconds)
    .reduce((sum, each) => sum + each[outcome], 0)
}
