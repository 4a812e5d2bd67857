import { type RateOptions, rateTrip } from './rate-trip.ts'
import type { Trip } from './trip.ts'

/**
 * Opens when too large a part of the calls in a sliding window failed. It notices a half-working
 * server, whose successes keep resetting {@link consecutiveFailures}.
 */
export function failureRate(options: RateOptions = {}): Trip {
  return rateTrip('failureRate', (failed) => failed, Infinity, options)
}
