import { checkNumber, type Random, reached, retryAfterMs } from '@evenkeel/core'
import type { Backoff } from '@evenkeel/retry'
import type { EntryWait } from './entry.ts'

/** A send that failed, as far as the decision needs to know; how far it got, and what it asks for, its error says. */
export interface SendFailure {
  readonly error: unknown
  /** Whether the server has said no for good. */
  readonly isFinal: boolean
  readonly idempotencyKey: string | undefined
  /** Sends of the entry that may have reached the server, this one included. */
  readonly attempts: number
  /** Sends in a row that failed, this one included. */
  readonly failures: number
  /** The wait before this send. */
  readonly wait: EntryWait | undefined
}

/** What does not change from send to send. */
export interface JudgeRules {
  readonly backoff: Backoff
  readonly maxAttempts: number
  readonly random: Random
}

/** What follows a send that failed. */
export interface Verdict extends Omit<EntryWait, 'fromMs' | 'failures'> {
  /** Why it is not sent again, if it is not. */
  readonly giveUp?: 'notIdempotent' | 'attemptsExhausted' | undefined
}

/** The most that chance adds to a wait that was asked for, as retry does. */
const maxSpreadMs = 30_000

/**
 * Decides what follows a send that failed.
 *
 * The whole outbox waits, for longer with each failure in a row: its entries have one server. An entry
 * that fails while others succeed, or is refused for good, holds back its own lane alone.
 */
export function judge(
  { error, isFinal, idempotencyKey, attempts, failures, wait }: SendFailure,
  { backoff, maxAttempts, random }: JudgeRules,
): Verdict {
  const drawn = (retry: number): number => {
    const delayMs = backoff({ retry, previousDelayMs: wait?.holdMs, error, random })
    checkNumber('outbox', 'a backoff', delayMs, 0, Number.MAX_VALUE)
    return delayMs
  }
  const isCounted = isFinal || reached(error) !== 'no'
  const giveUp =
    isCounted && !isFinal && idempotencyKey === undefined
      ? 'notIdempotent'
      : isCounted && attempts >= maxAttempts
        ? 'attemptsExhausted'
        : undefined
  const laneMs = isFinal || attempts > failures ? drawn(attempts) : 0
  if (isFinal) return { giveUp, laneMs, holdMs: 0, askedMs: 0 }
  const holdMs = drawn(failures)
  const hintMs = retryAfterMs(error) ?? 0
  const askedMs = Math.max(holdMs, hintMs)
  return hintMs > 0
    ? {
        giveUp,
        laneMs,
        holdMs: 0,
        askedMs: askedMs + random() * Math.min(askedMs / 2, maxSpreadMs),
      }
    : { giveUp, laneMs, holdMs, askedMs: 0 }
}
