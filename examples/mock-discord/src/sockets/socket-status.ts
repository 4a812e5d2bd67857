import type { SessionIdentity } from './audience.ts'
import type { HandshakeFault } from './handshake-fault.ts'
import type { Session } from './session.ts'
import type { SocketCounts } from './socket-counters.ts'

/** How the WebSocket Gateway stands. */
export interface SocketsStatus extends SocketCounts {
  readonly connections: number
  readonly connectionLimit: number
  /** Connected, or to be resumed. */
  readonly sessions: number
  /** Upgrades that wait to be accepted. */
  readonly acceptQueue: number
  readonly upgradeFailuresLastMinute: number
  readonly handshakeFault: HandshakeFault | undefined
}

/** One session, and the numbers of the injected messages that are its. */
export interface SessionStatus extends Pick<SessionIdentity, 'userId' | 'intents' | 'shard'> {
  readonly id: string
  readonly connected: boolean
  readonly seq: number
  readonly numbers: readonly (readonly [first: number, last: number])[]
}

/** Tells of a session what a test wants to know. */
export function sessionStatus({ id, identity, connection, seq, numbers }: Session): SessionStatus {
  const { userId, intents, shard } = identity
  return {
    id,
    userId,
    intents,
    shard,
    connected: connection !== undefined,
    seq,
    numbers: numbers.ranges,
  }
}
