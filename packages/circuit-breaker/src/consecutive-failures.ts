import { checkNumber } from '@evenkeel/core'
import type { Trip } from './trip.ts'

/** What {@link consecutiveFailures} can be told. */
export interface ConsecutiveFailuresOptions {
  /**
   * How many failures in a row open the circuit.
   * @defaultValue 8: in an outage of a fifth, chance brings 5 in a row once in 3125 calls, and 8 once in 390,625
   */
  readonly threshold?: number | undefined
}

/** Opens after failures in a row. It notices an outage first, and never one that lets some calls through. */
export function consecutiveFailures({ threshold = 8 }: ConsecutiveFailuresOptions = {}): Trip {
  checkNumber('consecutiveFailures', 'threshold', threshold, 1)
  return {
    slowMs: Infinity,
    size: 1,
    isTimed: () => false,
    record(memory, at, failed) {
      const failures = failed ? (memory[at] as number) + 1 : 0
      memory[at] = failures
      return failures < threshold ? undefined : 'consecutiveFailures'
    },
  }
}
