import type { StopReason } from './connect.ts'
import type { Loss } from './loss.ts'
import type { DropReason, SocketData } from './outbound-queue.ts'
import type { RotationReason } from './rotation/age.ts'

/** What a socket is doing; `waiting` is between two dials. */
export type SocketState = 'connecting' | 'waiting' | 'open' | 'closing' | 'closed'

/** A message that did not get through, or may not have. */
export interface Undelivered {
  readonly data: SocketData
  /**
   * `unknown`: handed to a connection that ended before it was known to have left. `failed`: the
   * socket threw. The rest was never handed over.
   */
  readonly outcome: DropReason | 'failed' | 'unknown'
}

/** A connection ended, or none came about, and the socket lives on. */
export interface Disconnected extends Loss {
  /** Losses since the last stable connection, this one included. */
  readonly failures: number
}

/** When the next dial comes. */
export interface ReconnectScheduled {
  /** The number of the dial to come since the last stable connection; 2 is the first after a loss. */
  readonly attempt: number
  readonly delayMs: number
  readonly retryAt: Date
}

/** The end of it. */
export interface Closed extends Loss {
  /** Why it does not come back; `closed` is by this side. */
  readonly stop: StopReason
}

/** A session ended, and what belonged to it with it. */
export interface SessionLost {
  readonly id: string
  readonly reason: string
  /** How many messages the server had not acknowledged; `undelivered` has told of each. */
  readonly undelivered: number
}

/** A connection was replaced while it lived. */
export interface Rotated {
  readonly reason: RotationReason
  /** How long the old one had been in use. */
  readonly ageMs: number
}

/** What a socket tells, by name. */
export interface SocketEvents {
  /** A dial begins: the URL is asked for next. */
  dialStarted: { readonly attempt: number }
  /** A connection is open. */
  opened: { readonly isReconnect: boolean; readonly protocol: string }
  message: { readonly data: unknown }
  disconnected: Disconnected
  reconnectScheduled: ReconnectScheduled
  undelivered: Undelivered
  /** The server began a session. */
  sessionStarted: { readonly id: string }
  /** It goes on with one after a loss. */
  sessionResumed: { readonly id: string }
  sessionLost: SessionLost
  /** The server no longer had the messages of these numbers. */
  gap: { readonly from: number; readonly to: number }
  rotated: Rotated
  /** The next connection did not come about; the one in use stays in use, and the next dial comes by the same rules as after a loss. */
  rotationFailed: Disconnected
  closed: Closed
}

/** Hears everything: how a host hangs on the machine. */
export type Tell = <K extends keyof SocketEvents>(type: K, event: SocketEvents[K]) => void
