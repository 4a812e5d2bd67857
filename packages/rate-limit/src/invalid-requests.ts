import { checkNumber } from '@evenkeel/core'
import type { LimitFactory } from './limit.ts'
import { Window } from './window.ts'

/** What {@link invalidRequests} can be told. */
export interface InvalidRequestsOptions {
  /** How many invalid responses stop everything. @defaultValue 5000: half of what Discord bans an address for */
  readonly maxInvalid?: number | undefined
  /** @defaultValue 600_000: Discord counts over ten minutes */
  readonly windowMs?: number | undefined
}

/**
 * Stops all calls of a key before the server bans it for invalid requests, which `learn` reports.
 *
 * @throws `TOO_MANY_INVALID` from every call until enough of them are `windowMs` old.
 */
export function invalidRequests({
  maxInvalid = 5000,
  windowMs = 600_000,
}: InvalidRequestsOptions = {}): LimitFactory {
  checkNumber(
    'invalidRequests',
    'maxInvalid',
    maxInvalid,
    1,
    Number.isInteger(maxInvalid) ? Infinity : 0,
    'a whole number ≥ 1',
  )
  checkNumber('invalidRequests', 'windowMs', windowMs, 1)
  return () => {
    const window = new Window(maxInvalid, windowMs)
    let lastMs = -Infinity
    return {
      code: 'TOO_MANY_INVALID',
      // A call that waits already may still fit in.
      startAtMs: () => window.startAtMs(0),
      turnAway(_call, nowMs) {
        const waitMs = window.startAtMs(0) - nowMs
        return waitMs > 0 ? waitMs : undefined
      },
      learn(_route, { invalid }, nowMs) {
        if (invalid) {
          lastMs = nowMs
          window.start(nowMs)
        }
        return false
      },
      isNeeded: (nowMs) => nowMs < lastMs + windowMs,
    }
  }
}
