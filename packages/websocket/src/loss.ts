/** How far the connection was when it ended; `closing` is after `close()` by this side. */
export type Phase = 'connecting' | 'open' | 'closing'

/** What ended a connection, or kept one from coming about. */
export type Cause =
  /** The peer sent a Close frame. */
  | 'server'
  /** The line broke, or could not be made. */
  | 'network'
  /** Nothing came in although a beat was sent. */
  | 'heartbeat'
  /** It did not open, or did not close, in time. */
  | 'timeout'
  /** As `network`, while the platform said that it was offline. */
  | 'offline'
  /** As `network`, while the page was hidden: browsers cut those off. */
  | 'hidden'
  /** `close()`, `reconnect()` or an aborted signal of this side. */
  | 'user'
  /** The server answered the handshake with an HTTP status. */
  | 'handshake'
  /** A function that gives the URL, protocols or headers threw or rejected, or what it gave is no use. */
  | 'provider'
  /** A policy of this side, such as an open circuit, let no dial through. */
  | 'policy'
  /** The tab that held the connection for all is gone. */
  | 'leader'

/** How one connection, or one attempt at one, ended. */
export interface Loss {
  /** As received, or 1006 when no Close frame came. */
  readonly code: number
  readonly reason: string
  /** Whether both sides' Close frames were exchanged. */
  readonly wasClean: boolean
  readonly phase: Phase
  readonly cause: Cause
  /** The HTTP status of the handshake, where the platform shows it (`ws` does, browsers never). */
  readonly status?: number | undefined
  /** How long the server, or a policy, asks to stay away. */
  readonly retryAfterMs?: number | undefined
  /** What was thrown, if something was. */
  readonly error?: unknown
}

/** Whether the server turned a handshake away without work on it. */
export function isRefusal(status: number | undefined): boolean {
  return status === 429 || status === 503
}

/** Whether the same handshake may be answered otherwise later. */
export function mayChange(status: number): boolean {
  return status < 400 || status >= 500 || [408, 425, 429].includes(status)
}

/** How a socket ends that this side closes when it has no connection to say goodbye to. */
export const nowhere: Loss = {
  code: 1006,
  reason: '',
  wasClean: false,
  phase: 'connecting',
  cause: 'user',
}
