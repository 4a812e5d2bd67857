import { type CallContext, isAbandoned, isThrottled } from '@evenkeel/core'

/** A call that was rejected. */
export interface CallFailure {
  readonly error: unknown
  readonly context: CallContext
}

/** Whether a failure says nothing of the server: a limit turned the call away, or the caller gave it up. */
export function isNeutral({ error, context }: CallFailure): boolean {
  return isThrottled(error) || isAbandoned(context)
}
