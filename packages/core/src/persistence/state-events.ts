import type { IgnoredReason } from './envelope.ts'
import type { StoreFailed } from './web-store.ts'

/** State of an earlier page was found, and taken over. */
export interface StateRestored {
  readonly type: 'restored'
  /** The parts that it had something for. */
  readonly parts: readonly string[]
}

/** Something was left unread: it is none of ours, or of no use any more. */
export interface StateIgnored {
  readonly type: 'ignored'
  readonly source: 'store' | 'channel'
  readonly reason: IgnoredReason
}

/** What sharing tells of itself. */
export type StateEvent = StateRestored | StateIgnored | StoreFailed
