import type { Advice } from '../advice.ts'
import type { Line } from '../line.ts'
import type { LineHost, LineOwner } from '../line-host.ts'
import type { SessionRotation } from '../session.ts'

/** Replaces connections while they live. */
export interface Rotation extends LineOwner, SessionRotation {
  /** The connection that is to replace the one in use. */
  readonly successor: Line | undefined
  /** A connection is in use from now on. */
  use(line: Line): void
  /** Takes in what the server says about replacing it. */
  advise(advice: Advice): void
  /** The connection in use is lost: gives the successor out of its hands, to be used instead if no end `isLast`. */
  heir(lost: Line, isLast: boolean): Line | undefined
  /** Whether a message has come by the other connection. */
  hasHeard(data: unknown): boolean
  /** Begins nothing more; what waits for an old connection to be closed waits no longer. */
  stop(): void
  /** Lets go of everything. */
  end(): void
}

/** The socket whose connections are replaced. */
export interface RotationHost extends LineHost, LineOwner {
  readonly state: string
  /** Puts a connection in the place of the one in use. */
  swap(line: Line): void
}

/** Makes the rotation of each socket: `rotate()`. */
export type RotationKind = (host: RotationHost) => Rotation
