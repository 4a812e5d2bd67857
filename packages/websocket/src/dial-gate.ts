import type { Clock } from '@evenkeel/core'
import type { Cause, Loss, Phase } from './loss.ts'

/** One dial, as what shares dials sees it. */
export interface GatedDial {
  /** Calls `dial` when the connection may be made; until then, or instead, it may end it. */
  begin(dial: () => void): void
  /** It opened. */
  opened(): void
  /** It ended, open or not. */
  ended(loss: Loss): void
}

/** A connection that a gate lets through, or ends. */
export interface DialledConnection {
  readonly phase: Phase
  /** How it ended, if it has. */
  readonly loss: Loss | undefined
  /** Ends it, if it has not. */
  end(cause: Cause, known?: Partial<Loss>): void
}

/** What stands before the dials of one socket. */
export interface DialGate {
  /** Pays for a dial after one that failed. */
  pay(loss: Loss): boolean
  /** A dial is about to be made. */
  dial(connection: DialledConnection): GatedDial
}

/** Makes the gate of each socket; `url` is one which no function gives. */
export type DialGateKind = (url: string | undefined, clock: Clock) => DialGate
