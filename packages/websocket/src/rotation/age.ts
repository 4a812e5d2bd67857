import type { Random } from '@evenkeel/core'

/** Why a connection is replaced: on the server's advice, by its protocol, for its age, or for its credentials. */
export type RotationReason = 'advice' | 'protocol' | 'age' | 'expiry'

/** When to replace a connection that has just become ready. */
export interface Replacement {
  readonly afterMs: number
  readonly reason: RotationReason
}

/**
 * Draws it from the last quarter of what the connection has: clients that came back together, after a
 * restart, must not be replaced together ever after. `expiresInMs` is floored at `leastMs`, so that
 * credentials of a second do not make a dial of each.
 */
export function replacement(
  maxAgeMs: number,
  expiresInMs: number,
  leastMs: number,
  random: Random,
): Replacement {
  const reason = expiresInMs < maxAgeMs ? 'expiry' : 'age'
  const lifeMs = Math.min(maxAgeMs, Math.max(expiresInMs, leastMs))
  return { afterMs: lifeMs * (1 - random() / 4), reason }
}
