import { checkNumber } from '@evenkeel/core'
import { type RateOptions, rateTrip } from './rate-trip.ts'
import type { Trip } from './trip.ts'

/** What {@link slowCallRate} can be told. */
export type SlowCallRateOptions = RateOptions & {
  /** From how long on a call is slow, whether it succeeds or fails. A slow probe opens the circuit again. */
  readonly slowMs: number
}

/** Opens when too large a part of the calls in a sliding window was slow, before they start to fail. */
export function slowCallRate(options: SlowCallRateOptions): Trip {
  const { slowMs } = options
  checkNumber('slowCallRate', 'slowMs', slowMs, 1)
  return rateTrip(
    'slowCallRate',
    (_failed, durationMs) => durationMs >= slowMs,
    slowMs,
    0.5,
    options,
  )
}
