import { EvenkeelError, type Reached } from '@evenkeel/core'
import { isRefusal, type Loss, mayChange } from './loss.ts'

/** How far a failed dial got: silence may mean that the server is at work on it, an answer that it is done. */
export function reachedOf({ cause, status = 0 }: Loss): Reached {
  if (cause === 'handshake') return isRefusal(status) ? 'no' : 'yes'
  return cause === 'timeout' || cause === 'server' ? 'maybe' : 'no'
}

/** A failed dial as policies and callers see it. */
export function dialError(loss: Loss, key: string): EvenkeelError {
  const { cause, status = 0, retryAfterMs, error } = loss
  return new EvenkeelError(
    'SOCKET_NOT_OPENED',
    `The connection did not open: ${status ? `the server answered ${status}` : cause}`,
    {
      key,
      cause: error,
      transient: cause !== 'user' && mayChange(status),
      reached: reachedOf(loss),
      throttled: status === 429 || cause === 'user',
      retryAfterMs,
    },
  )
}
