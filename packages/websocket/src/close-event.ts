import type { Closed } from './events.ts'

/** The platform's `CloseEvent`, with the truth about it. */
export type ResilientCloseEvent = Event & Closed

/** Makes the last event of a socket: a real `CloseEvent`, or its like where the platform has none (Node 22). */
export function closeEvent(closed: Closed): ResilientCloseEvent {
  const { code, reason, wasClean, ...rest } = closed
  const Platform = (globalThis as { CloseEvent?: typeof CloseEvent }).CloseEvent
  const event = Platform
    ? new Platform('close', { code, reason, wasClean })
    : Object.assign(new Event('close'), { code, reason, wasClean })
  return Object.assign(event, rest)
}
