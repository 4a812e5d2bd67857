import type { Scalability } from './scalability.ts'
import type { Discipline } from './waiting-line.ts'

/** A part of a backend that has workers: a service, a database. All counts are those of its full size. */
export interface StationOptions extends Scalability {
  /** How many requests it works on at once. */
  readonly workers: number
  /** How many may wait; more are refused with 503. @defaultValue `Infinity` */
  readonly queue?: number | undefined
  /** @defaultValue `'fifo'` */
  readonly discipline?: Discipline | undefined
  /** How service times vary. @defaultValue `'erlang2'`: half the variance of an exponential time */
  readonly distribution?: 'fixed' | 'erlang2' | 'exponential' | undefined
  /**
   * When the concurrency counts that slows a request down: that at its start, or that of each moment
   * (`processor`), which costs the simulator an event more for each request.
   * @defaultValue `'at-start'`
   */
  readonly sharing?: 'at-start' | 'processor' | undefined
  /** How long a request may wait before it gets a 504. @defaultValue `Infinity` */
  readonly queueTimeoutMs?: number | undefined
  /** Whether those whose client has gone leave the queue; otherwise they are worked on for nobody. @defaultValue `false` */
  readonly dropsAbandoned?: boolean | undefined
}
