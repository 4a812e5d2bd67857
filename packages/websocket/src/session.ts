import type { Clock, Random } from '@evenkeel/core'
import type { Advice } from './advice.ts'
import type { CloseCodes } from './close-codes.ts'
import type { Tell } from './events.ts'
import type { Heartbeat } from './heartbeat.ts'
import type { WebSocketLike } from './inner-socket.ts'
import type { Loss } from './loss.ts'
import type { SocketData } from './outbound-queue.ts'
import type { Settle } from './send-options.ts'

/** The socket that a session runs over. */
export interface SessionHost {
  readonly settings: { readonly clock: Clock; readonly random: Random }
  /** Tells the app's listeners. */
  readonly tell: Tell
  /** The socket underneath, while a connection is open. */
  readonly inner: WebSocketLike | undefined
  /** What waits for a connection. */
  readonly delivery: {
    /** Room has come about for what waits. */
    flush(): void
    /** Drops what waits and belongs to the session that is gone. */
    dropBound(): void
  }
  readonly line: {
    /** A beat was answered, or something came in. */
    heard(): void
  }
  readonly comeback: {
    /** Takes in what the server says about coming back. */
    advise(advice: Advice): void
  }
  /** The server has accepted the session: what waits may go. */
  ready(): void
  /** Beats on this connection from now on. */
  beat(heartbeat: Heartbeat): void
  /** Ends the connection as if the server had closed it with this code. */
  hangUp(code: number, reason: string): void
}

/** What runs over one socket and outlives its connections. */
export interface Session {
  /** Whether it keeps each message until the server has it, sends it itself, and settles its sender. */
  readonly keeps: boolean
  /** The code with which a connection is given up; a peer that must keep the session may want one. */
  readonly abandonCode?: number | undefined
  /** What the socket underneath gives for binary messages. @defaultValue as the app asked */
  readonly binaryType?: string | undefined
  /** Where the dial goes that was to go to `url`. */
  address(url: string, attempt: number): string
  /** A connection is open. */
  opened(): void
  /** A message came in; what of it is the app's, the session tells. */
  received(data: unknown): void
  /** @throws when the server would not take this message at all */
  check(data: SocketData): void
  /** Whether one more message may go out now. */
  hasRoom(): boolean
  /** A message goes out, in the form it gives; where the session keeps messages, it sends this one. */
  outgoing(data: SocketData, settle: Settle | undefined): SocketData
  /** The connection is gone; `isKnownSent` when the peer has all that was sent. */
  ended(loss: Loss, isKnownSent: boolean): void
  /** The socket has ended: lets go of everything. */
  closed(): void
}

/** Makes the session of each socket. */
export interface SessionKind {
  /** The protocol's rules, after the defaults and before the app's. */
  readonly closeCodes?: CloseCodes | undefined
  /** Called once for each socket, before its first dial. */
  start(host: SessionHost): Session
}
