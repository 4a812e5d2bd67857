import type { Release, Timer } from '@evenkeel/core'
import type { Compartment, WaitingCall } from './compartment.ts'
import type { QueuedCallFacts } from './events.ts'

/** A call of an app: its wait is a promise. */
export interface Ticket extends WaitingCall<Ticket> {
  readonly compartment: Compartment<Ticket>
  readonly facts: QueuedCallFacts
  readonly start: () => void
  readonly reject: (reason: unknown) => void
  timer?: Timer
  unlink?: Release
}
