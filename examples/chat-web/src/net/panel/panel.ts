import type { CircuitState } from '@evenkeel/circuit-breaker'
import type { FetchCall } from '@evenkeel/fetch'
import type { LogLine } from './log-line.ts'
import { noOutcomes, type Outcomes } from './outcomes.ts'

/** A call that waits for its next attempt. */
interface WaitingRetry {
  readonly call: FetchCall
  readonly attempt: number
  readonly untilMs: number
  readonly because: string
}

/** The gateway's connection, as its events tell it. */
export interface SocketView {
  readonly state: 'none' | 'dialling' | 'open' | 'waiting' | 'closed'
  /** Connections lost or not made since the last that proved stable. */
  readonly failures: number
  /** When it dials again, while it waits. */
  readonly untilMs: number | undefined
  /** Why the last connection ended. */
  readonly lastLoss: string | undefined
  readonly session: 'none' | 'started' | 'resumed'
}

/** A circuit, as its events tell it. */
export interface CircuitView {
  readonly state: CircuitState
  readonly because: string | undefined
  readonly untilMs: number | undefined
}

/** What the events of fetch and socket add up to. Times are those of the app's clock. */
export interface Panel {
  /** Critical calls, which are messages and the socket's dials, have one of their own. */
  readonly circuits: { readonly critical: CircuitView; readonly others: CircuitView }
  readonly cooldown: { readonly untilMs: number; readonly isAsked: boolean } | undefined
  readonly retries: readonly WaitingRetry[]
  readonly socket: SocketView
  readonly outcomes: Outcomes
  /** The latest first. */
  readonly log: readonly LogLine[]
}

/** A circuit that lets everything through. */
export const closedCircuit: CircuitView = {
  state: 'closed',
  because: undefined,
  untilMs: undefined,
}

/** The circuit to tell of: that of critical calls, if it is not simply closed. */
export function circuitOf({ circuits: { critical, others } }: Panel): CircuitView {
  return critical.state === 'closed' ? others : critical
}

export const initialPanel: Panel = {
  circuits: { critical: closedCircuit, others: closedCircuit },
  cooldown: undefined,
  retries: [],
  socket: {
    state: 'none',
    failures: 0,
    untilMs: undefined,
    lastLoss: undefined,
    session: 'none',
  },
  outcomes: noOutcomes,
  log: [],
}
