import {
  EvenkeelError,
  errorCode,
  isThrottled,
  isTransient,
  reached,
  retryAfterMs,
} from '@evenkeel/core'

/** Whether an error says itself that it may go away: what says nothing is a bug, or for ever. */
export const saysTransient = ({ error }: { readonly error: Error }): boolean =>
  errorCode(error) !== undefined && isTransient(error)

/** Stands for keys that failed while others of their batch did not, so that a policy may try them again. */
export function itemsFailed(errors: readonly Error[], size: number, key: string): EvenkeelError {
  const reaches = errors.map(reached)
  const waits = errors.map((error) => retryAfterMs(error) ?? 0)
  const waitMs = Math.max(...waits)
  return new EvenkeelError('BATCH_ITEMS_FAILED', `${errors.length} of ${size} keys failed`, {
    key,
    cause: errors[0],
    transient: true,
    reached: reaches.includes('maybe') ? 'maybe' : reaches.includes('yes') ? 'yes' : 'no',
    throttled: errors.every(isThrottled),
    retryAfterMs: waitMs || undefined,
  })
}
