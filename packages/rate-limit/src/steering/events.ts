import type { Priority } from '@evenkeel/core'
import type { ServerPolicy } from './server-policy.ts'

/** What steering tells its listener. */
export type SteeringEvent =
  | PolicyChanged
  | PolicyIgnored
  | CooldownSteered
  | PausedByServer
  | RetrySpread
  | RetriesCapped

/** Another policy holds for a key. */
export interface PolicyChanged {
  readonly type: 'policyChanged'
  readonly key: string
  /** What holds, within what the app allows; nothing when it has run out or was taken back. */
  readonly policy: ServerPolicy | undefined
}

/** A server said something that does not count. */
export interface PolicyIgnored {
  readonly type: 'policyIgnored'
  readonly key: string
  /**
   * `malformed`: it can't be read. `foreign`: after a redirect, another origin said it. `stale`: a cache kept it for longer
   * than it holds.
   */
  readonly reason: 'malformed' | 'foreign' | 'stale'
  /** The first hundred characters of it. */
  readonly text: string
}

/** Nothing is sent for a while. */
export interface CooldownSteered {
  readonly type: 'cooldownSteered'
  readonly key: string
  /** For how long, chance included. */
  readonly waitMs: number
}

/** Which attempt it is about. */
export interface SteeredAttempt {
  readonly key: string
  readonly attempt: number
  /** The caller's, as given with the call. */
  readonly tag: unknown
}

/** A call of a paused priority was not sent. */
export interface PausedByServer extends SteeredAttempt {
  readonly type: 'pausedByServer'
  readonly priority: Priority
  readonly retryAfterMs: number
}

/** A retry waits longer than its backoff. */
export interface RetrySpread extends SteeredAttempt {
  readonly type: 'retrySpread'
  readonly delayMs: number
}

/** A call gets no further attempt. */
export interface RetriesCapped extends SteeredAttempt {
  readonly type: 'retriesCapped'
}
