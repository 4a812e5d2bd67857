import type { PlatformSignal } from '@evenkeel/core/network'
import type { Comeback } from './comeback.ts'
import type { Delivery } from './delivery.ts'
import type { DialGate } from './dial-gate.ts'
import type { Tell } from './events.ts'
import type { WebSocketLike } from './inner-socket.ts'
import type { Line } from './line.ts'
import type { Loss } from './loss.ts'
import type { Session } from './session.ts'
import type { Settings } from './settings.ts'

/** What all connections of a socket share. */
export interface LineHost {
  readonly settings: Settings
  readonly tell: Tell
  readonly delivery: Delivery
  readonly comeback: Comeback
  readonly gate: DialGate | undefined
  readonly session: Session | undefined
  readonly binaryType: string
  /** The smoothed round trip of the connection before. */
  lastRttMs: number | undefined
  /** A socket underneath has opened. */
  adopt(inner: WebSocketLike): void
  /** The platform tells something, or it has shown. */
  hear(signal: PlatformSignal): void
}

/** Who answers for a connection: the machine for the one in use, a rotation for those that come and go beside it. */
export interface LineOwner {
  /** The socket underneath is open. */
  opened(line: Line): void
  /** Its session was accepted. */
  ready(line: Line): void
  /** It has ended. */
  ended(line: Line, loss: Loss): void
}
