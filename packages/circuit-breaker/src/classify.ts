import { type CallContext, errorCode, isThrottled } from '@evenkeel/core'

/** A call that was rejected. */
export interface CallFailure {
  readonly error: unknown
  readonly context: CallContext
}

/**
 * Whether a failure says nothing of the server: a limit turned the call away, or the caller aborted
 * it. An abort by a timeout is no change of mind: the server had its time.
 */
export function isNeutral({ error, context: { signal } }: CallFailure): boolean {
  const { reason } = signal
  return (
    isThrottled(error) ||
    (signal.aborted && !/^Timeout|TIMEOUT$|EXCEEDED$/.test(`${reason?.name} ${errorCode(reason)}`))
  )
}
