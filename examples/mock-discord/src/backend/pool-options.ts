import {
  boolean,
  integer,
  number,
  oneOf,
  orUnlimited,
  partial,
  positive,
  type Reader,
} from '../options/readers.ts'
import type { QueueOrder } from './job-queue.ts'
import type { Scalability } from './scalability.ts'

/** A pool of places to work in, and the queue in front of it. */
export interface PoolOptions extends Scalability {
  /** Jobs in service at once, as in a connection pool. */
  readonly poolSize: number
  /** Jobs that may wait; one more is refused. */
  readonly queueDepth: number
  /** `erlang2` has a coefficient of variation of 0.71; `fixed` is the mean itself. */
  readonly distribution: 'erlang2' | 'fixed'
  /** Whose turn it is; with `priority` an urgent job also takes the queue place of a less urgent one. */
  readonly order: QueueOrder
  /** Whether a waiting job leaves with its client; one in service never does, as a query runs on. */
  readonly dropAbandoned: boolean
  /** From arrival to reply in ms; `Infinity` for none. */
  readonly timeoutMs: number
}

/** Reads any part of {@link PoolOptions}. */
export const readPoolOptions: Reader<Partial<PoolOptions>> = partial<PoolOptions>({
  poolSize: integer(1),
  queueDepth: integer(0),
  serviceMs: positive,
  sigma: number(0, 1),
  kappa: number(0),
  distribution: oneOf('erlang2', 'fixed'),
  order: oneOf('fifo', 'lifo', 'priority'),
  dropAbandoned: boolean,
  timeoutMs: orUnlimited(positive),
})
