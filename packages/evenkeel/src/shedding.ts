import { type Clock, type EvenkeelError, refusal } from '@evenkeel/core'
import type { CallOptions } from '@evenkeel/fetch'
import type { HealthState } from './health/health.ts'

/** The least time until a storm is worth another look: that of a level which nothing speaks for. */
const shedForMs = 10_000

/** Refuses what can wait while the API is in a storm: it is the first that a server in need should not see. */
export function shedding(
  health: HealthState,
  key: string | undefined,
  clock: Clock | undefined,
): (call: CallOptions) => EvenkeelError | undefined {
  return ({ priority }) => {
    if (priority !== 'deferred' || health.level !== 'storm') return undefined
    const [reason] = health.reasons
    const message = `Deferred calls wait until the storm is over${reason ? `: ${reason.text}` : ''}`
    return refusal('SHED_IN_STORM', message, { key, retryAfterMs: shedForMs, clock })
  }
}
