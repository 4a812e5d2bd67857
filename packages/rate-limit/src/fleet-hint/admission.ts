import type { Priority } from '@evenkeel/core'

/** What a server asks of all its clients at once. */
export interface FleetHint {
  /**
   * What is admitted, from 0 to 3: below 1 that share of `critical` calls and nothing else, from 1 to 2 a growing share
   * of `important` ones besides, from 2 to 3 a growing share of `deferred` ones. 3 admits all.
   */
  readonly level: number
  /** Which share of retries is admitted, from 0 to 1, beside what the level says. @defaultValue 1 */
  readonly retryRatio?: number | undefined
  /** Within which time sockets that lost their connection should come back. @defaultValue the socket's own */
  readonly reconnectWindowMs?: number | undefined
  /** How long this holds. @defaultValue what the one who reads it says */
  readonly ttlMs?: number | undefined
}

const floors: Readonly<Record<Priority, number>> = { critical: 0, important: 1, deferred: 2 }

/** Which share of the calls of a priority a level admits. */
export function admittedRatio(level: number, priority: Priority): number {
  return Math.min(1, Math.max(0, level - floors[priority]))
}

/**
 * Whether a hint admits one attempt. `chance` is from 0 up to but not 1: of the call, or of the user, so that a page of many
 * calls loads or does not, rather than by parts (DAGOR, SoCC 2018).
 */
export function admits(
  { level, retryRatio = 1 }: FleetHint,
  priority: Priority,
  isRetry: boolean,
  chance: number,
): boolean {
  return chance < admittedRatio(level, priority) * (isRetry ? retryRatio : 1)
}
