import type { Priority } from '@evenkeel/core'
import type { DropReason } from './outbound-queue.ts'

/** What one message can say of itself. */
export interface SendOptions {
  /** Goes first, and is dropped last. @defaultValue `'important'` */
  readonly priority?: Priority | undefined
  /** A later message with the same one replaces this one while it waits: for states such as "typing". */
  readonly coalesceKey?: string | undefined
  /** How long it may wait. @defaultValue that of the queue */
  readonly ttlMs?: number | undefined
  /** Makes sense in the present session only: dropped when that is lost while the message waits. @defaultValue `false` */
  readonly sessionBound?: boolean | undefined
  /** Goes out at once or fails: for what logs in, and would make no sense on a later connection. */
  readonly beforeReady?: boolean | undefined
}

/** Why a message was not sent: what was thrown, or what it was dropped for. */
export type Failure = DropReason | { readonly error: unknown }

/** Answers the one who sent a message: without a failure it was sent, or the server has it, where a session says so. */
export type Settle = (failure?: Failure) => void
