import { integer, number, partial, positive, type Reader } from '../options/readers.ts'

/** Copies of the database that serve reads; each has a pool like the primary's. */
export interface ReplicaOptions {
  /** With 0 every read goes to the primary. */
  readonly count: number
  /** How far a replica that keeps up is behind the primary, in ms. */
  readonly lagMs: number
  /** Writes a second a replica can replay; beyond it the lag grows. */
  readonly replayPerSecond: number
  /** A replica further behind than this, in ms, serves no reads. */
  readonly maxLagMs: number
}

/** Reads any part of {@link ReplicaOptions}. */
export const readReplicaOptions: Reader<Partial<ReplicaOptions>> = partial<ReplicaOptions>({
  count: integer(0, 64),
  lagMs: number(0),
  replayPerSecond: positive,
  maxLagMs: number(0),
})
