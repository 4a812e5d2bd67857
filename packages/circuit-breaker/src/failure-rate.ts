import { type RateOptions, rateTrip } from './rate-trip.ts'
import type { Trip } from './trip.ts'

/**
 * Opens when too large a part of the calls in a sliding window failed. It notices a half-working
 * server, whose successes keep resetting {@link consecutiveFailures}.
 *
 * Its ratio is 0.8: in the storm lab, with 0.5 as in resilience4j and 5 in a row, clients that call once a second fail 2.1 %
 * of their calls while a fifth of a server's instances answer 500, and 0.9 % with 0.8 and 10, or with no breaker at all.
 */
export function failureRate(options: RateOptions = {}): Trip {
  return rateTrip('failureRate', (failed) => failed, Infinity, 0.8, options)
}
