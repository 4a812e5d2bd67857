import type { Clock, Random } from '@evenkeel/core'
import type { Advice } from './advice.ts'
import type { CloseCodes } from './close-codes.ts'
import type { Tell } from './events.ts'
import type { Heartbeat } from './heartbeat.ts'
import type { WebSocketLike } from './inner-socket.ts'
import type { Cause, Loss, Phase } from './loss.ts'
import type { OutboundQueue, SocketData } from './outbound-queue.ts'
import type { Settle } from './send-options.ts'

/** The socket that a session runs over. */
export interface SessionHost {
  readonly settings: { readonly clock: Clock; readonly random: Random }
  /** Tells the app's listeners. */
  readonly tell: Tell
  readonly rotation?: SessionRotation | undefined
  /** What waits for a connection. */
  readonly delivery: {
    /** Room has come about for what waits. */
    flush(): void
    /** What waits; what belongs to a session that is gone is the session's to drop. */
    readonly queue: OutboundQueue | undefined
  }
  readonly comeback: {
    /** Takes in what the server says about coming back. */
    advise(advice: Advice): void
  }
}

/** One connection of that socket, once it is open. */
export interface SessionLine {
  readonly inner: WebSocketLike
  readonly phase: Phase
  /** A beat was answered, or something came in. */
  heard(): void
  /** Beats on this connection from now on. */
  beat(heartbeat: Heartbeat): void
  /** The server has accepted the session: what waits may go. */
  ready(): void
  /** Ends it, as if the server had closed it where that is the cause. */
  end(cause: Cause, known?: Partial<Loss>): void
}

/** What replaces connections while they live, as a session sees it. */
export interface SessionRotation {
  /** Whether another connection still has the session: whatever happens to this one does not end it. */
  isBeside(line: SessionLine): boolean
  /** The server wants this connection replaced; false when that can't be done. */
  begin(line: SessionLine): boolean
  /** Closes the connection in use with `code`, puts this one in its place, and goes on when that is closed. */
  relieve(line: SessionLine, code: number | undefined, then: () => void): void
}

/** What is said on one connection, from its opening to its end. */
export interface Talk {
  /** A message came in; what of it is the app's, the session tells. */
  received(data: unknown): void
  /** The connection is gone; `isKnownSent` when the peer has all that was sent. */
  ended(loss: Loss, isKnownSent: boolean): void
}

/** What runs over one socket and outlives its connections. */
export interface Session {
  /** The code with which a connection is given up; a peer that must keep the session may want one. */
  readonly abandonCode?: number | undefined
  /** What the socket underneath gives for binary messages. @defaultValue as the app asked */
  readonly binaryType?: string | undefined
  /** Where the dial goes that was to go to `url`. */
  address(url: string, attempt: number): string
  /** A connection is open; while one replaces another there are two. */
  opened(line: SessionLine): Talk
  /** @throws when the server would not take this message at all */
  check(data: SocketData): void
  /** Whether one more message may go out now. */
  hasRoom(): boolean
  /**
   * A message goes out, in the form it gives. Without one the session keeps it until the server has it, has sent it
   * by itself, and settles its sender.
   */
  outgoing(data: SocketData, settle: Settle | undefined): SocketData | undefined
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
