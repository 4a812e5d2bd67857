import { checkNumber } from '@evenkeel/core'
import type { Trip } from './trip.ts'

/** What {@link consecutiveFailures} can be told. */
export interface ConsecutiveFailuresOptions {
  /** How many failures in a row open the circuit. @defaultValue 5, as in cockatiel: a lone glitch opens nothing */
  readonly threshold?: number | undefined
}

/** Opens after failures in a row. It notices an outage first, and never one that lets some calls through. */
export function consecutiveFailures({ threshold = 5 }: ConsecutiveFailuresOptions = {}): Trip {
  checkNumber('consecutiveFailures', 'threshold', threshold, 1)
  return {
    timed: false,
    slowMs: Infinity,
    create() {
      let failures = 0
      return {
        record(failed) {
          failures = failed ? failures + 1 : 0
          return failures < threshold ? undefined : 'consecutiveFailures'
        },
      }
    },
  }
}
