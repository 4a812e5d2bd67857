import {
  type Clock,
  type EvenkeelError,
  isThrottled,
  reached,
  refusal as refusalOf,
} from '@evenkeel/core'
import type { GiveUpReason } from './decide.ts'

/** The named failure for a reason that has one: what the caller gets instead of the error behind it. */
export function refusal(
  reason: GiveUpReason,
  unroundedMs: number,
  key: string,
  cause: unknown,
  clock: Clock,
): EvenkeelError | undefined {
  // Up: who waits it out must not be early.
  const delayMs = Math.ceil(unroundedMs)
  const [code, message] =
    reason === 'retryAfterTooLong'
      ? ['RETRY_AFTER_TOO_LONG', `The server asks to stay away for ${delayMs} ms`]
      : reason === 'deadlineExceeded'
        ? ['DEADLINE_EXCEEDED', `A wait of ${delayMs} ms would miss the deadline`]
        : reason === 'budgetExhausted'
          ? ['RETRY_BUDGET_EXHAUSTED', `No retry budget is left for ${key}`]
          : []
  if (!code) return undefined
  return refusalOf(code, message as string, {
    key,
    cause,
    reached: reached(cause),
    throttled: isThrottled(cause),
    retryAfterMs: delayMs,
    clock,
  })
}
