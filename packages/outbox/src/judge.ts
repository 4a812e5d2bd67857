import { checkNumber, reached, retryAfterMs } from '@evenkeel/core'
import type { EntryWait, OutboxEntry } from './entry.ts'
import type { FailReason } from './events.ts'
import type { Settings } from './settings.ts'
import { foreverMs } from './survey.ts'

/** How long to stay away after a send that failed. */
export type Verdict = Omit<EntryWait, 'fromMs' | 'failures'>

/** The most that chance adds to a wait that was asked for, as retry does. */
const maxSpreadMs = 30_000

/** Says why an entry whose send failed is not sent again, if it is not. `isFinal`: the server has said no. */
export function reasonToGiveUp(
  { attempts, idempotencyKey }: OutboxEntry,
  error: unknown,
  isFinal: boolean,
  maxAttempts: number,
): FailReason | undefined {
  if (!isFinal && idempotencyKey === undefined && reached(error) !== 'no') return 'notIdempotent'
  return attempts >= maxAttempts ? 'attemptsExhausted' : undefined
}

/**
 * Decides how long to stay away after a send that failed, as so many before it in a row; how far it got, and what it
 * asks for, its error says.
 *
 * The whole outbox waits, for longer with each failure in a row: its entries have one server. An entry
 * that fails while others succeed, or is refused for good, holds back its own lane alone.
 */
export function judge(
  { attempts, wait }: OutboxEntry,
  error: unknown,
  isFinal: boolean,
  failures: number,
  { backoff, random }: Pick<Settings<unknown, unknown>, 'backoff' | 'random'>,
): Verdict {
  const drawn = (retry: number): number => {
    const delayMs = backoff({ retry, previousDelayMs: wait?.holdMs, error, random })
    checkNumber('outbox', 'a backoff', delayMs, 0, Number.MAX_VALUE)
    return delayMs
  }
  const laneMs = isFinal || attempts > failures ? drawn(attempts) : 0
  const holdMs = isFinal ? 0 : drawn(failures)
  const hintMs = (!isFinal && retryAfterMs(error)) || 0
  const askedMs = hintMs > 0 ? Math.min(foreverMs, Math.max(holdMs, hintMs)) : 0
  return {
    laneMs,
    holdMs,
    askedMs: askedMs && askedMs + random() * Math.min(askedMs / 2, maxSpreadMs),
  }
}
