import { isTransient, quietly } from './errors.ts'

let turns = 0

/** Who gave a call up, and after how many others. */
export class GivenUp {
  /** The retrying layer, or `'server'`. */
  readonly by: unknown
  readonly turn: number = ++turns

  constructor(by: unknown) {
    this.by = by
  }
}

// Registered, so that two copies of this package agree.
const mark: unique symbol = Symbol.for('evenkeel.givenUp') as never

interface Marked {
  readonly [mark]?: GivenUp
  readonly cause?: unknown
}

/** Counts what was given up so far: an error that was marked before a call began says nothing of that call. */
export function giveUpTurn(): number {
  return turns
}

/** Marks a failure, an error or an answer, as one that nobody should try again. Primitives stay as they are. */
export function markGivenUp(failure: unknown, given: GivenUp | undefined): void {
  if (given)
    quietly(() => Object.defineProperty(failure, mark, { value: given, configurable: true }))
}

/** Who has given up what led to this failure, if anybody has; looks four causes deep. */
export function givenUp(failure: unknown, depth = 4): GivenUp | undefined {
  return quietly(() => {
    const { [mark]: given, cause } = failure as Marked
    // Asked of nothing it would throw, with a stack: for most failures that is the end of their causes.
    return given ?? (depth && cause ? givenUp(cause, depth - 1) : undefined)
  })
}

/**
 * Whether a loop of one's own, p-retry's for one, may try again what failed so: it may pass, no retrying
 * layer further in has given it up, and its server has not said no. Also takes a `Response` of `@evenkeel/fetch`.
 */
export function isRetryable(failure: unknown): boolean {
  return isTransient(failure) && !givenUp(failure)
}
