import { boolean, integer, number, partial, type Reader } from '../options/readers.ts'

/** When the gateway stops calling a service, and how it begins again. */
export interface BreakerOptions {
  readonly enabled: boolean
  /** The share of a service's requests that must fail. */
  readonly failureRatio: number
  /** How many there must be before their ratio says anything. */
  readonly minRequests: number
  /** The time that is looked at, in ms. */
  readonly windowMs: number
  /** A request that takes longer has failed, whatever it was answered; in ms. */
  readonly slowMs: number
  /** How long the first opening lasts, in ms; it doubles with each that follows. */
  readonly openMs: number
  readonly maxOpenMs: number
  /** Requests that may try the service at once, before it is called again by all. */
  readonly probes: number
  /** Over which time a service that is well gets its whole load back, in ms. */
  readonly rampMs: number
}

/** Reads any part of {@link BreakerOptions}. */
export const readBreakerOptions: Reader<Partial<BreakerOptions>> = partial<BreakerOptions>({
  enabled: boolean,
  failureRatio: number(0.01, 1),
  minRequests: integer(1),
  windowMs: number(1),
  slowMs: number(1),
  openMs: number(1),
  maxOpenMs: number(1),
  probes: integer(1),
  rampMs: number(0),
})
