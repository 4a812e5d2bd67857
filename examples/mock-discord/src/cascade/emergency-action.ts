import type { Action } from '../admin/action.ts'
import type { Preset } from '../backend/presets.ts'
import type { Scale } from '../backend/scaled.ts'

/** The incident's operators limited the queue to this many. */
const queueLimit = 1_000

/**
 * What the incident's operators did by hand after 33 minutes and more: quotas that follow the backend, a limit on what
 * waits, breakers, hints on every reply, and media servers that scale by themselves.
 */
export function emergencyAction({ backend }: Preset, { rate, time }: Scale): Action {
  return {
    limits: {
      gateway: {
        mode: 'adaptive',
        headers: 'backpressure',
        queueLimit: Math.max(1, queueLimit / (rate * time)),
        breaker: { enabled: true },
      },
    },
    backend: {
      retryAfter: 'drain',
      voice: Object.fromEntries(
        Object.keys(backend.voice).map((region) => [region, { autoscale: true }]),
      ),
    },
    fleetHint: { enabled: true },
  }
}
