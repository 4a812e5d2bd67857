import type { Release } from '@evenkeel/core'
import type { LimitedCallFacts } from './events.ts'
import type { GateCall } from './gate.ts'
import type { LearnContext } from './rate-limit-options.ts'

/** A call of an app: its wait is a promise. */
export interface Ticket extends GateCall {
  readonly context: LearnContext
  resolve?: () => void
  reject?: (reason: unknown) => void
  unlink?: Release
}

/** Which call an event is about. */
export function factsOf({ key, route, tag }: LearnContext): LimitedCallFacts {
  return { key, route, tag }
}
