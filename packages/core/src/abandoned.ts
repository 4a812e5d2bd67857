import { errorCode } from './errors.ts'
import type { CallContext } from './policy.ts'

/**
 * Whether the caller has given a call up: that says nothing of the server. A timeout that gave it up
 * is no change of mind: the server had its time.
 */
export function isAbandoned({ signal: { aborted, reason } }: CallContext): boolean {
  return aborted && !/^Timeout|TIMEOUT$|EXCEEDED$/.test(`${reason?.name} ${errorCode(reason)}`)
}
