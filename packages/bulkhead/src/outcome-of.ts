import { type CallContext, errorCode, isAbandoned, isThrottled, isTransient } from '@evenkeel/core'
import type { CallOutcome } from './compartment.ts'

/** A call that was rejected. */
export interface CallFailure {
  readonly error: unknown
  readonly context: CallContext
}

/** Failures that policies further in have made: the server never saw the call. */
const isOwnRefusal = (error: unknown): boolean =>
  isThrottled(error) && !/^(HTTP_STATUS)?$/.test(errorCode(error) ?? '')

/** How a rejection bears on the limit. */
export function outcomeOf(
  failure: CallFailure,
  isFailure: (failure: CallFailure) => boolean,
): CallOutcome {
  if (isOwnRefusal(failure.error) || isAbandoned(failure.context)) return 'ignored'
  return isFailure(failure) ? 'failed' : 'answered'
}

/** Whether the server is unwell, as far as one failure tells. */
export const isTransientFailure = ({ error }: CallFailure): boolean => isTransient(error)
