import { isCall } from './context.ts'
import { errorCode } from './errors.ts'
import type { CallContext } from './policy.ts'

/**
 * Whether the caller has given a call up: that says nothing of the server. A timeout that gave it up
 * is no change of mind: the server had its time.
 */
export function isAbandoned(context: CallContext): boolean {
  // Of a call that nobody can cancel: a look at its signal would make that.
  if (isCall(context) && !context.cancellation) return false
  const { aborted, reason } = context.signal
  return aborted && !/^Timeout|TIMEOUT$|EXCEEDED$/.test(`${reason?.name} ${errorCode(reason)}`)
}
