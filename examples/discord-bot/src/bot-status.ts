import type { SocketState } from '@evenkeel/websocket'

/** How the bot is: what `!status` tells. */
export interface BotStatus {
  readonly upMs: number
  readonly socket: SocketState
  /** Of the gateway, once a heartbeat has measured it. */
  readonly rttMs: number | undefined
  readonly sessions: { readonly started: number; readonly resumed: number }
  /** Starts of sessions that are left of the day's. */
  readonly identifies: number
  readonly circuit: string
  readonly budgetTokens: number
  readonly cooldownMs: number
  readonly queued: number
  readonly buckets: number
  /** Buckets of which nothing is left. */
  readonly emptyBuckets: number
  readonly pendingReplies: number
  readonly reminders: number
  readonly answered: number
}
