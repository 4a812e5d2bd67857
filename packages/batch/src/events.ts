/** Why a batch was sent: its window was over, it was full, or it was asked for. */
export type BatchTrigger = 'window' | 'full' | 'flush'

/** What a batch tells. */
export type BatchEvent =
  /** A batch was sent. */
  | {
      readonly type: 'batchSent'
      readonly trigger: BatchTrigger
      /** How many keys it has. */
      readonly size: number
      /** How many calls wait for it. */
      readonly callers: number
    }
  /** A batch failed as a whole, and is tried again in halves, or without the keys that nobody waits for any more. */
  | { readonly type: 'batchSplit'; readonly size: number; readonly error: unknown }
