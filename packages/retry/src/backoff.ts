import { checkNumber, type Random } from '@evenkeel/core'

/** What a backoff may know. */
export interface BackoffInput {
  /** Which retry this will be; 1 is the first. */
  readonly retry: number
  /** The wait before the attempt that has just failed; `undefined` before the first retry. */
  readonly previousDelayMs: number | undefined
  /** What the attempt failed with. */
  readonly error: unknown
  readonly random: Random
}

/** The wait before a retry, in milliseconds. Any function of this shape will do. */
export type Backoff = (input: BackoffInput) => number

/** The range of a growing backoff. */
export interface BackoffOptions {
  /** The ceiling of the first wait. @defaultValue 1000: AWS and gRPC start there, and users notice no less */
  readonly baseDelayMs?: number | undefined
  /** The ceiling of every wait. @defaultValue 60_000: a client that waits longer has lost its user */
  readonly maxDelayMs?: number | undefined
}

/** Checks the range of a growing backoff, at creation. */
export function checkRange(baseDelayMs: number, maxDelayMs: number): void {
  checkNumber('retry', 'baseDelayMs', baseDelayMs, 1, Number.MAX_VALUE, 'a finite number ≥ 1')
  checkNumber(
    'retry',
    'maxDelayMs',
    maxDelayMs,
    baseDelayMs,
    undefined,
    `≥ baseDelayMs (${baseDelayMs})`,
  )
}

/** The ceiling of a wait that doubles with each retry. Jitter is drawn below it: jitter before a cap is cut off by it. */
export function ceilingMs(retry: number, baseDelayMs: number, maxDelayMs: number): number {
  return Math.min(maxDelayMs, baseDelayMs * 2 ** (retry - 1))
}
