import { dialError } from './dial-error.ts'
import type { Closed } from './events.ts'

/** The platform's `error`, with the reason that `ws` and Node's own class also give. */
export type ResilientErrorEvent = Event & { readonly error: unknown; readonly message: string }

/** Makes the event that goes before the `close` of a socket whose last dial failed. */
export function errorEvent(closed: Closed, key: string): ResilientErrorEvent {
  const error = closed.error instanceof Error ? closed.error : dialError(closed, key)
  return Object.assign(new Event('error'), { error, message: error.message })
}
