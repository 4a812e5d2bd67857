import { errorCode, isThrottled, isTransient, reached, retryAfterMs } from '@evenkeel/core'
import type { Outcome } from './limit.ts'

// Of what evenkeel itself throws, only a host's error is the server's word.
const hosts = 'HTTP_STATUS'

/** Whether a failure is the server's refusal, and not that of a policy further in. */
export function isServerRefusal({ error }: { readonly error: unknown }): boolean {
  return (
    (isThrottled(error) || retryAfterMs(error) !== undefined) &&
    (errorCode(error) ?? hosts) === hosts
  )
}

/** What a failed call came to. */
export function outcomeOf(error: unknown): Outcome {
  if (reached(error) === 'no' && errorCode(error) !== hosts) return 'unsent'
  if (isTransient(error)) return 'rejected'
  return reached(error) === 'yes' ? 'accepted' : 'unknown'
}
