import type { Priority } from '@evenkeel/core'
import type { NoRoomCode } from './no-room-code.ts'

/** What a bulkhead tells of itself. */
export type BulkheadEvent = Queued | Dequeued | Shed | LimitChanged

/** Which call it is about. */
export interface QueuedCallFacts {
  readonly key: string
  readonly priority: Priority
  /** The caller's, as given with the call. */
  readonly tag: unknown
}

/** A call waits for room. */
export interface Queued extends QueuedCallFacts {
  readonly type: 'queued'
  /** For about how long; `undefined` before the first call has ended while another waited. */
  readonly waitMs: number | undefined
  /** How many calls of the key wait, this one included. */
  readonly queued: number
}

/** A call that waited starts. */
export interface Dequeued extends QueuedCallFacts {
  readonly type: 'dequeued'
  readonly waitedMs: number
}

/** A call will not be made. */
export interface Shed extends QueuedCallFacts {
  readonly type: 'shed'
  readonly code: NoRoomCode
  /** When it is worth trying again, if that is known. */
  readonly retryAfterMs: number | undefined
}

/** More or fewer calls of a key may be under way than before. */
export interface LimitChanged {
  readonly type: 'limitChanged'
  readonly key: string
  readonly limit: number
}
