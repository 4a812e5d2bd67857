import type { Random } from '@evenkeel/core'

/** How old a level may be that clients still go by. */
const maxAgeMs = 30_000

/**
 * Whether a client may send a call of this priority at a level from 0 to 3: critical calls by the first
 * point of it, important ones by the second, deferred ones by the third.
 */
export function isAdmitted(level: number, priority: number, random: Random): boolean {
  const chance = level - priority
  return chance >= 1 || (chance > 0 && random() < chance)
}

/** What clients know of the level that their server published. */
export interface KnownLevel {
  readonly level: number
  readonly atMs: number
}

/** The level to go by; 3 when nothing, or nothing recent, is known. */
export function levelNow({ level, atMs }: KnownLevel, nowMs: number): number {
  return nowMs - atMs > maxAgeMs ? 3 : level
}
