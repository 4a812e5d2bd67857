import { randomBytes } from 'node:crypto'
import type { SessionIdentity } from './audience.ts'
import { NumberRanges } from './number-ranges.ts'

/** A dispatch as a session keeps it; the payload is shared by all that were sent it. */
export interface Dispatch {
  readonly s: number
  readonly t: string
  /** JSON. */
  readonly d: string
}

/** The connection a session is on. */
export interface SessionConnection {
  sendDispatch(dispatch: Dispatch): void
  close(reason: readonly [code: number, reason: string]): void
  /** Another connection has taken the session over. */
  superseded(): void
}

/** Writes a dispatch as a frame. */
export const dispatchFrame = ({ t, s, d }: Dispatch) =>
  `{"t":${JSON.stringify(t)},"s":${s},"op":0,"d":${d}}`

/** One client's place in the stream of events: counts them, and keeps the latest for a RESUME. */
export class Session {
  readonly id = randomBytes(16).toString('hex')
  readonly identity: SessionIdentity
  /** The numbers of the injected messages it was sent, or would have been when connected. */
  readonly numbers = new NumberRanges()
  connection: SessionConnection | undefined
  #seq = 0
  #kept: Dispatch[] = []

  constructor(identity: SessionIdentity) {
    this.identity = identity
  }

  get seq(): number {
    return this.#seq
  }

  /** Counts an event and sends it, or only keeps it while nobody is connected. */
  dispatch(t: string, d: string, maxReplay: number): void {
    const dispatch = { s: ++this.#seq, t, d }
    this.#kept.push(dispatch)
    // In batches, since taking one from the front of an array moves all others.
    if (this.#kept.length > maxReplay * 1.25) this.#kept = this.#kept.slice(-maxReplay)
    this.connection?.sendDispatch(dispatch)
  }

  /** Gives what came after `seq`; `ahead` when nothing has yet, `too-late` when some of it is no longer kept. */
  missedSince(seq: number, maxReplay: number): readonly Dispatch[] | 'ahead' | 'too-late' {
    const missed = this.#seq - seq
    if (missed < 0) return 'ahead'
    if (missed > maxReplay || missed > this.#kept.length) return 'too-late'
    return missed === 0 ? [] : this.#kept.slice(-missed)
  }
}
