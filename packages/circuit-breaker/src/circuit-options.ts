import type { Trip } from './trip.ts'

/** When circuits open, for how long, and how they close again. */
export interface CircuitOptions {
  /**
   * When a circuit opens.
   * @defaultValue 8 failures in a row, or 0.8 of at least 10 calls in 30 s: the first notices an
   * outage soon, the second a server that hardly works; an outage of a fifth is for retries to mend
   */
  readonly trip?: Trip | undefined
  /**
   * How long the first opening lasts; it doubles with each that follows before the circuit stayed
   * closed for `maxOpenMs`. Each is jittered by ±20 %, and never ends before a server asked for.
   * @defaultValue 5000, as in Polly
   */
  readonly openMs?: number | undefined
  /**
   * The longest opening, before its jitter.
   * @defaultValue 30_000: with 60 s, as in resilience4j, clients go on refusing calls for longer than
   * a server's queue takes to drain, and with 30 s they send it hardly more in the meantime
   */
  readonly maxOpenMs?: number | undefined
  /**
   * How many probes may be under way in half-open.
   * @defaultValue 3: a probe may wait in a long queue, and with 1 nothing else goes for as long. In the storm lab's
   * cascade the last circuits then hold a fleet back for 90 s, where 3 do for 60 s, and send no more in the spike
   */
  readonly maxProbes?: number | undefined
  /** After which time a probe that has not ended makes room for another. @defaultValue 60_000, as long as an attempt */
  readonly probeLeaseMs?: number | undefined
  /**
   * Over which time a closed circuit admits all again, critical calls first; 0 turns it off.
   * @defaultValue 2000: it spreads what waits, and what comes later need not be refused
   */
  readonly rampMs?: number | undefined
  /**
   * Whether the critical calls of a key have a circuit of their own.
   * @defaultValue true: a server that sheds by priority refuses the others first, and their failures say nothing of critical
   * calls. In the storm lab one circuit for all loses two fifths of the critical calls of clients that call once a second
   */
  readonly separatesCritical?: boolean | undefined
}
