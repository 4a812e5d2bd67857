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

/** What the events of fetch and socket add up to. Times are those of the app's clock. */
export interface Panel {
  readonly cooldown: { readonly untilMs: number; readonly isAsked: boolean } | undefined
  readonly retries: readonly WaitingRetry[]
  readonly socket: SocketView
  /** What this page has taken over from one before; `undefined` if there was nothing. */
  readonly kept: { readonly parts: readonly string[]; readonly isReload: boolean } | undefined
  /** Whether the browser lets state outlive the page. */
  readonly isStored: boolean
  readonly outcomes: Outcomes
  /** The latest first. */
  readonly log: readonly LogLine[]
}

export const initialPanel: Panel = {
  cooldown: undefined,
  retries: [],
  socket: {
    state: 'none',
    failures: 0,
    untilMs: undefined,
    lastLoss: undefined,
    session: 'none',
  },
  kept: undefined,
  isStored: true,
  outcomes: noOutcomes,
  log: [],
}
