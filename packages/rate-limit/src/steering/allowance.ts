import { checkNumber, type Priority } from '@evenkeel/core'
import { priorities } from '../priorities.ts'
import type { ServerPolicy } from './server-policy.ts'

/** How far a server may go. */
export interface Allowance {
  /** The fewest attempts that a call keeps. @defaultValue 1: no retries */
  readonly minAttempts?: number | undefined
  /** The most that is added to the wait of a retry; 0 for nothing. @defaultValue 30_000, what chance adds to a wait at most */
  readonly maxJitterMs?: number | undefined
  /**
   * The most important of the priorities that may be paused; `false` for none.
   * @defaultValue `'deferred'`: what nobody waits for
   */
  readonly pause?: Priority | false | undefined
  /** The longest cooldown, before chance lengthens it by up to half; 0 for none. @defaultValue 60_000 */
  readonly maxCooldownMs?: number | undefined
  /** How long one statement is believed at most. @defaultValue 600_000: a day is taken for a mistake */
  readonly maxAgeMs?: number | undefined
}

/** How long a policy holds that does not say. */
const defaultMaxAgeMs = 60_000

/** Bounds what servers say, to what an app allows. @throws `RangeError` for a bad bound */
export function bounded({
  minAttempts = 1,
  maxJitterMs = 30_000,
  pause: allowedPause = 'deferred',
  maxCooldownMs = 60_000,
  maxAgeMs: longestMs = 600_000,
}: Allowance = {}): (policy: ServerPolicy) => ServerPolicy & { readonly maxAgeMs: number } {
  checkNumber('steering', 'minAttempts', minAttempts, 1)
  checkNumber('steering', 'maxJitterMs', maxJitterMs, 0)
  checkNumber('steering', 'maxCooldownMs', maxCooldownMs, 0)
  checkNumber('steering', 'maxAgeMs', longestMs, 1)
  if (allowedPause !== false && !priorities.includes(allowedPause))
    throw new RangeError(
      `steering: pause must be critical, important, deferred or false, got ${allowedPause}`,
    )
  return ({ attempts, jitterMs = 0, pause, cooldownMs = 0, maxAgeMs = defaultMaxAgeMs }) => ({
    attempts: attempts === undefined ? undefined : Math.max(attempts, minAttempts),
    jitterMs: Math.min(jitterMs, maxJitterMs) || undefined,
    pause:
      pause && allowedPause
        ? priorities[Math.max(priorities.indexOf(pause), priorities.indexOf(allowedPause))]
        : undefined,
    cooldownMs: Math.min(cooldownMs, maxCooldownMs) || undefined,
    maxAgeMs: Math.min(maxAgeMs, longestMs),
  })
}
