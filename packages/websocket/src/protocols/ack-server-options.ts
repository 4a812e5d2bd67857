import type { Clock } from '@evenkeel/core'
import type { ServerSession } from './server-session.ts'

/** What `ackServer` can be told. */
export interface AckServerOptions<Identity = unknown> {
  /** A client's message, once, in order; it is acknowledged when this returns. What it throws ends the connection, and the message comes again. */
  readonly onMessage: (session: ServerSession<Identity>, data: string) => void
  /** A session began. */
  readonly onSession?: ((session: ServerSession<Identity>) => void) | undefined
  /** A session is gone for good: ended, or not resumed in time. */
  readonly onSessionEnd?: ((session: ServerSession<Identity>) => void) | undefined
  /** Says who it is; throws to turn it away with 3003. @defaultValue everybody is welcome */
  readonly authenticate?: ((credentials: unknown) => Identity) | undefined
  /** How long a session without a connection is kept. @defaultValue 360_000: longer than clients wait at most after a restart, five minutes */
  readonly resumeWithinMs?: number | undefined
  /** How often clients shall beat. @defaultValue 30_000 */
  readonly heartbeatMs?: number | undefined
  /** Messages kept for a client. @defaultValue 1000 */
  readonly maxPending?: number | undefined
  /** And their bytes. @defaultValue 1_048_576 */
  readonly maxPendingBytes?: number | undefined
  /** Sessions at most; one without a connection makes room, else the oldest. @defaultValue 100_000 */
  readonly maxSessions?: number | undefined
  /** Makes the name of a session, which must not be guessed. @defaultValue `crypto.randomUUID` */
  readonly makeId?: (() => string) | undefined
  /** @defaultValue `systemClock` */
  readonly clock?: Clock | undefined
}
