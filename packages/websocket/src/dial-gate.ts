import type { Clock } from '@evenkeel/core'
import type { Connection } from './connection.ts'
import type { Loss } from './loss.ts'

/** One dial, as what shares dials sees it. */
export interface GatedDial {
  /** Calls `dial` when the connection may be made; until then, or instead, it may end it. */
  begin(dial: () => void): void
  /** It opened. */
  opened(): void
  /** It ended, open or not. */
  ended(loss: Loss): void
}

/** What stands before the dials of one socket. */
export interface DialGate {
  /** Pays for a dial after one that failed. */
  pay(loss: Loss): boolean
  /** A dial is about to be made. */
  dial(connection: Pick<Connection, 'phase' | 'loss' | 'end'>): GatedDial
}

/** Makes the gate of each socket; `origin` is that of a URL which no function gives. */
export type DialGateKind = (origin: string | undefined, clock: Clock) => DialGate
