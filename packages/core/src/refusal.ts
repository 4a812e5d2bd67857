import { EvenkeelError, type FailureInit } from './errors.ts'
import { withoutStack } from './without-stack.ts'

/**
 * Makes the error of a call that a policy turns away: unless `init` says otherwise it may succeed later, and it says nothing
 * of the server. It has no stack, as most calls of an overload end so.
 */
export function refusal(code: string, message: string, init: FailureInit): EvenkeelError {
  const facts = { transient: true, throttled: true, ...init }
  return withoutStack(() => new EvenkeelError(code, message, facts))
}
